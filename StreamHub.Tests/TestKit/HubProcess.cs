using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using StreamHub.Server.Processes.Linux;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.TestKit;

/// <summary>
/// The real hub as a child process, with a data directory of its own. It can be killed and started again
/// on the same directory and ports.
/// </summary>
internal sealed partial class HubProcess : IAsyncDisposable
{
    /// <summary>Where the server was built: its static files are found from there only.</summary>
    private static readonly string ServerFolder = typeof(HubProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(metadata => metadata.Key == "ServerFolder").Value!;

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> output = new();
    private readonly HubLaunch launch;
    private readonly string[] arguments;
    private readonly PortBlock ports = PortBlock.Take();
    private Process? process;
    private TaskCompletionSource ended = new();

    private HubProcess(HubLaunch launch, string[] arguments) => (this.launch, this.arguments) = (launch, arguments);

    /// <summary>The hub as it was built, on this machine.</summary>
    public static HubLaunch Built => new(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [Path.Combine(ServerFolder, "StreamHub.Server.dll")],
        "TERM");

    /// <summary>Where the hub keeps everything.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("streamhub-e2e-").FullName;

    /// <summary>The first of the ports that apps get.</summary>
    public int FirstAppPort => ports.First;

    /// <summary>The last of them.</summary>
    public int LastAppPort => ports.Last;

    /// <summary>Port of the users' listener.</summary>
    public int UsersPort { get; private set; }

    /// <summary>Port of the admin listener.</summary>
    public int AdminPort { get; private set; }

    public string UsersOrigin => $"http://127.0.0.1:{UsersPort}";

    public string AdminOrigin => $"http://127.0.0.1:{AdminPort}";

    /// <summary>The one-time admin link of the last start, on 127.0.0.1; null when none was printed.</summary>
    public string? ClaimLink { get; private set; }

    public int Pid => process!.Id;

    public bool IsRunning => process is not null && !ended.Task.IsCompleted;

    /// <summary>Everything the hub wrote, over all starts.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts the hub as it was built and waits until it says that it is ready.</summary>
    /// <param name="arguments">More settings, as <c>--StreamHub:Apps:MaxRunning=2</c>.</param>
    public static Task<HubProcess> StartAsync(params string[] arguments) => StartAsync(Built, arguments);

    /// <summary>Starts a hub another way.</summary>
    public static async Task<HubProcess> StartAsync(HubLaunch launch, params string[] arguments)
    {
        var hub = new HubProcess(launch, arguments);
        try
        {
            await hub.RestartAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>: same directory, same ports.</summary>
    public async Task RestartAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The hub is running.");
        }

        process?.Dispose();
        ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ready = new TaskCompletionSource<Addresses>(TaskCreationOptions.RunContinuationsAsynchronously);
        var addresses = new Addresses();
        process = new Process { StartInfo = StartInfo([]), EnableRaisingEvents = true };
        process.Exited += (_, _) => ended.TrySetResult();
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            Keep(line.Data);
            if (addresses.Read(line.Data))
            {
                ready.TrySetResult(addresses);
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var patience = new CancellationTokenSource(StartPatience, TimeProvider.System);
        var late = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, patience.Token);
        if (await Task.WhenAny(ready.Task, ended.Task, late) != ready.Task)
        {
            if (!IsRunning)
            {
                // Its last output may come after its end.
                await process.WaitForExitAsync(patience.Token);
            }

            throw new InvalidOperationException($"The hub {(IsRunning ? $"was not ready within {StartPatience}" : $"ended with exit code {process.ExitCode}")}\n{Output}");
        }

        UsersPort = new Uri(addresses.Users!).Port;
        AdminPort = new Uri(addresses.Admin!).Port;
        ClaimLink = addresses.Admin!.Contains("/claim", StringComparison.Ordinal) ? $"{AdminOrigin}{new Uri(addresses.Admin).PathAndQuery}" : null;
    }

    /// <summary>Runs a command of the hub against the same data directory.</summary>
    public Task<(int Code, string Output)> CommandAsync(params string[] command)
    {
        var start = StartInfo(command);
        return Tool.RunAsync(start.FileName, [.. start.ArgumentList], StartPatience, launch.Environment);
    }

    /// <summary>Ends it as a crash would: SIGKILL.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>Asks it to end; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await EndAsync(launch.StopSignal);
        return process!.ExitCode;
    }

    /// <summary>Waits until it has ended by itself; returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        await ended.Task.WaitAsync(patience, TimeProvider.System);
        return process!.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsRunning)
            {
                await StopAsync();
            }
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }

        // Apps outlive a killed hub by design; here nobody will come back to adopt them.
        foreach (var orphan in Orphans())
        {
            await Tool.SignalAsync(orphan, "KILL");
        }

        await EndRunsAsync();

        process?.Dispose();
        ports.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task EndAsync(string signal)
    {
        if (IsRunning)
        {
            await Tool.SignalAsync(Pid, signal);
            await ended.Task.WaitAsync(StopPatience, TimeProvider.System);
        }
    }

    private ProcessStartInfo StartInfo(string[] command)
    {
        var start = new ProcessStartInfo(
            launch.File,
            [
                .. launch.Arguments, .. command,
                $"--StreamHub:DataDirectory={DataDirectory}",
                $"--StreamHub:Listen:Users=http://127.0.0.1:{UsersPort}",
                $"--StreamHub:Listen:Admin=http://127.0.0.1:{AdminPort}",
                $"--StreamHub:Apps:Ports={ports.Range}",
                .. arguments,
            ])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A hub of a test lives for seconds, most of which the runtime spends on compiling: without these two, a third more.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            output.Enqueue(line);
        }
    }

    /// <summary>Ends what is still known for a run by its mark or control group, and removes the group.</summary>
    private async Task EndRunsAsync()
    {
        var id = Path.Combine(DataDirectory, "hub-id");
        if (OperatingSystem.IsLinux() && File.Exists(id))
        {
            var host = new LinuxProcessHost(
                Server.Admin.TestHub.NewSettings(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<LinuxProcessHost>.Instance);
            foreach (var run in host.FindMarked(await File.ReadAllTextAsync(id)).DistinctBy(process => process.Mark))
            {
                await host.KillTreeAsync(run.Mark, run.Process, CancellationToken.None);
            }
        }
    }

    /// <summary>Living processes that write into this data directory: the apps that this hub started, with their children.</summary>
    private IEnumerable<int> Orphans()
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && OutputOf(folder) is { } file
                && file.StartsWith(DataDirectory, StringComparison.Ordinal))
            {
                yield return pid;
            }
        }
    }

    private static string? OutputOf(string folder)
    {
        try
        {
            return new FileInfo(Path.Combine(folder, "fd", "1")).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the ready line, or lines, say.</summary>
    internal sealed partial class Addresses
    {
        public string? Users { get; private set; }

        public string? Admin { get; private set; }

        /// <summary>Takes a line of output; whether both addresses are known.</summary>
        public bool Read(string? line)
        {
            if (line is not null)
            {
                Users = UsersAddress().Match(line) is { Success: true } users ? users.Groups[1].Value : Users;
                Admin = AdminAddress().Match(line) is { Success: true } admin ? admin.Groups[1].Value : Admin;
            }

            return Users is not null && Admin is not null;
        }

        [GeneratedRegex(@"\bUsers\W*(https?://\S+)", RegexOptions.IgnoreCase)]
        private static partial Regex UsersAddress();

        [GeneratedRegex(@"\bAdmin\W*(https?://\S+)", RegexOptions.IgnoreCase)]
        private static partial Regex AdminAddress();
    }
}
