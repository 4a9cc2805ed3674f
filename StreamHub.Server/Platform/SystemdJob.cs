using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Hosting.Systemd;

namespace StreamHub.Server.Platform;

/// <summary>
/// The pending systemd job of the hub's unit. systemd stops and restarts a unit with the same signal; during a restart the
/// unit's job has the type <c>restart</c> until the process has exited (systemd's job.c changes it to <c>start</c> only then).
/// </summary>
internal static class SystemdJob
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether this process's unit is being restarted.</summary>
    public static async Task<bool> IsRestartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !SystemdHelpers.IsSystemdService() || UnitOf(await File.ReadAllTextAsync("/proc/self/cgroup", cancellationToken)) is not { } unit
            || Find("systemctl", Environment.GetEnvironmentVariable("PATH")) is not { } systemctl)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(systemctl, ["list-jobs", "--no-legend", "--no-pager"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            return IsRestart(await process.StandardOutput.ReadToEndAsync(patience.Token), unit);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or OperationCanceledException)
        {
            // Without an answer it counts as a stop, which ends the apps: none continues by accident.
            return false;
        }
    }

    /// <summary>A program in the absolute folders of a PATH. .NET looks for a bare name in the working directory before.</summary>
    internal static string? Find(string program, string? path) => (path ?? "")
        .Split(':')
        .Where(Path.IsPathFullyQualified)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>The service of a process, from its cgroup (<c>/proc/self/cgroup</c>); null for none.</summary>
    internal static string? UnitOf(string cgroup) => cgroup
        .Split(['/', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .LastOrDefault(part => part.EndsWith(".service", StringComparison.Ordinal));

    /// <summary>Whether the output of <c>systemctl list-jobs</c> (job, unit, type, state) contains a restart of the unit.</summary>
    internal static bool IsRestart(string jobs, string unit) => jobs
        .Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(words => words is [_, var name, "restart", ..] && name == unit);
}
