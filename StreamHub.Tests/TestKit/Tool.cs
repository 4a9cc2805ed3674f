using System.Diagnostics;

namespace StreamHub.Tests.TestKit;

/// <summary>Runs a command line to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it, and returns its exit code with everything it wrote. A program that cannot be started is code 127.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string file, string[] arguments, TimeSpan timeout, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(timeout, TimeProvider.System);
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                return (process.ExitCode, await output + await errors);
            }
            catch (OperationCanceledException)
            {
                await SignalAsync(process.Id, "KILL");
                return (124, $"{file} took longer than {timeout}.");
            }
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, $"{file}: {missing.Message}");
        }
    }

    /// <summary>Sends a signal to one process that the tests started.</summary>
    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, pid.ToString()]);
        await kill.WaitForExitAsync();
    }
}
