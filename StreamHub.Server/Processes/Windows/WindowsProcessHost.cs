using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Processes on Windows: each run is a job object, found by its name, or by the mark in the environment of its processes if the
/// name is lost.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsProcessHost : IProcessHost
{
    private readonly ConcurrentDictionary<ProcessIdentity, SafeProcessHandle> children = new();

    /// <summary>Open handles that keep the names of living runs' jobs alive; code that uses a job opens its own handle.</summary>
    private readonly ConcurrentDictionary<RunMark, WindowsJob> kept = new();

    private readonly TimeProvider timeProvider;
    private readonly ILogger<WindowsProcessHost> logger;

    /// <summary>Creates the host, and sets the process-wide modes that children inherit.</summary>
    public WindowsProcessHost(TimeProvider timeProvider, ILogger<WindowsProcessHost> logger)
    {
        (this.timeProvider, this.logger) = (timeProvider, logger);

        // Both are inherited: error dialogs are disabled, and Ctrl+C, by which apps are asked to end, is enabled, which the
        // hub's starter may have disabled.
        _ = WindowsNative.SetErrorMode(WindowsNative.FailCriticalErrors | WindowsNative.NoFaultErrorBox);
        WindowsNative.SetConsoleCtrlHandler(0, add: false);
    }

    /// <inheritdoc/>
    public ProcessIdentity Start(ProcessStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var job = CreateJob(start.Mark);
        try
        {
            var (pid, process) = WindowsSpawn.Start(start, job);
            var identity = new ProcessIdentity(pid, WindowsProcess.StartTime(process), "");
            children[identity] = process;
            kept[start.Mark] = job;
            return identity;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsAlive(ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        using var handle = WindowsProcess.Open(process);
        return handle is not null && WindowsProcess.IsRunning(handle);
    }

    /// <inheritdoc/>
    public async Task<ExitOutcome> WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(process);
        using var handle = children.TryRemove(process, out var child) ? child : WindowsProcess.Open(process);
        if (handle is null)
        {
            return new ExitOutcome.Vanished();
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = new WindowsProcessEnd(handle);
        var registration = ThreadPool.RegisterWaitForSingleObject(end, (_, _) => ended.SetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
        try
        {
            await ended.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            registration.Unregister(null);
        }

        return WindowsNative.GetExitCodeProcess(handle, out var code) ? new ExitOutcome.Exited(code) : new ExitOutcome.Vanished();
    }

    /// <inheritdoc/>
    public void Terminate(RunMark mark, ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var target = WindowsProcess.Open(process);
        if (target is null || !WindowsProcess.IsRunning(target))
        {
            target?.Dispose();
            return;
        }

        var helper = new Process
        {
            StartInfo = new ProcessStartInfo(HubExecutable.Command[0], [CtrlCHelper.Option, process.Pid.ToString(CultureInfo.InvariantCulture)])
            {
                CreateNoWindow = true,
                UseShellExecute = false,
                WorkingDirectory = AppContext.BaseDirectory,
            },
            EnableRaisingEvents = true,
        };

        // The open handle prevents reuse of the process id until the helper has finished.
        helper.Exited += (_, _) =>
        {
            if (helper.ExitCode != 0)
            {
                Log.NotAsked(logger, process.Pid);
            }

            target.Dispose();
            helper.Dispose();
        };
        helper.Start();
    }

    /// <inheritdoc/>
    public async Task KillTreeAsync(RunMark mark, ProcessIdentity process, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(process);
        var pause = new KillPause();
        while (Kill(mark, process) is > 0 and var left)
        {
            await Task.Delay(pause.After(left), timeProvider, cancellationToken);
        }

        if (kept.TryRemove(mark, out var job))
        {
            job.Dispose();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<MarkedProcess> FindMarked(string hub)
    {
        var marked = WindowsProcess.Marked(hub);
        foreach (var run in marked.GroupBy(process => process.Mark))
        {
            Keep(run.Key, run);
        }

        return marked;
    }

    /// <inheritdoc/>
    public ListenerCheck CheckListener(RunMark mark, ProcessIdentity process, int port)
    {
        var (listeners, members) = (WindowsNet.Listeners(port), Members(mark, process));

        // Windows normally names an owner. Where it does not (0), only the address can be checked.
        return listeners.Count == 0 ? ListenerCheck.None
            : !listeners.TrueForAll(listener => listener.Pid == 0 || members.Contains(listener.Pid)) ? ListenerCheck.Foreign
            : listeners.TrueForAll(listener => listener.IsLoopback) ? ListenerCheck.Own : ListenerCheck.Exposed;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> FindListeners(RunMark mark, ProcessIdentity process) => WindowsNet.Listeners(Members(mark, process));

    /// <inheritdoc/>
    public PeerCheck CheckPeer(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run) =>
        WindowsPeers.Check(hub, runs.Select(of => (of.Mark.Run, Members(of.Mark, of.Process))), peer, local, out run);

    /// <inheritdoc/>
    public HostReading ReadHost()
    {
        var memory = new WindowsNative.MemoryStatus { Size = Marshal.SizeOf<WindowsNative.MemoryStatus>() };
        if (!WindowsNative.GetSystemTimes(out var idle, out var kernel, out var user) || !WindowsNative.GlobalMemoryStatusEx(ref memory))
        {
            throw new Win32Exception();
        }

        // Kernel time includes idle time.
        var total = kernel + user;
        return new HostReading(TimeSpan.FromTicks(total - idle), TimeSpan.FromTicks(total), (long)(memory.Total - memory.Available), (long)memory.Total);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<RunId, TreeReading> ReadTrees(IReadOnlyCollection<MarkedProcess> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var readings = new Dictionary<RunId, TreeReading>();
        Dictionary<int, long> memory = runs.Count == 0 ? [] : WindowsProcess.Memory();
        foreach (var run in runs)
        {
            foreach (var pid in Members(run.Mark, run.Process))
            {
                using var process = WindowsProcess.Open(pid, 0);
                if (process is not null && WindowsProcess.IsRunning(process))
                {
                    var sum = readings.GetValueOrDefault(run.Mark.Run);
                    readings[run.Mark.Run] = new TreeReading(
                        sum.CpuTime + WindowsProcess.CpuTime(process), sum.Memory + memory.GetValueOrDefault(pid), sum.Processes + 1);
                }
            }
        }

        return readings;
    }

    private static WindowsJob CreateJob(RunMark mark)
    {
        WindowsJob job;
        bool existed;
        try
        {
            job = WindowsJob.Create(mark, out existed);
        }
        catch (Win32Exception exception)
        {
            throw new ProcessStartException($"The start could not be prepared: {exception.Message}", exception) { IsShortage = true };
        }

        if (!existed)
        {
            return job;
        }

        job.Dispose();
        throw new ProcessStartException($"A job object of run {mark.Run} already exists from another start.") { IsShortage = true };
    }

    /// <summary>Opens the job of an adopted run; creates a new one if its name ended with the main process.</summary>
    private void Keep(RunMark mark, IEnumerable<MarkedProcess> members)
    {
        if (kept.ContainsKey(mark))
        {
            return;
        }

        var job = WindowsJob.Create(mark, out var existed);
        kept[mark] = job;
        foreach (var member in existed ? [] : members)
        {
            using var process = WindowsProcess.Open(member.Process, WindowsNative.ProcessTerminate | WindowsNative.ProcessSetQuota);
            if (process is not null && WindowsProcess.IsRunning(process))
            {
                job.Assign(process);
            }
        }
    }

    /// <summary>The ids of the living processes of a run.</summary>
    private static int[] Members(RunMark mark, ProcessIdentity process)
    {
        using var job = WindowsJob.Open(mark);
        return job?.Processes() ?? [process.Pid];
    }

    /// <summary>Kills the current processes of a run; returns their number.</summary>
    private static int Kill(RunMark mark, ProcessIdentity main)
    {
        var alive = 0;
        using (var job = WindowsJob.Open(mark))
        {
            if (job is not null)
            {
                alive = job.Processes().Length;
                job.Terminate();
            }
        }

        // Processes outside of the job: the main process, and all with the mark.
        foreach (var stray in WindowsProcess.Marked(mark.Hub).Where(process => process.Mark == mark).Select(process => process.Process).Append(main))
        {
            using var process = WindowsProcess.Open(stray, WindowsNative.ProcessTerminate);
            if (process is not null && WindowsProcess.IsRunning(process))
            {
                WindowsNative.TerminateProcess(process, 1);
                alive++;
            }
        }

        return alive;
    }

    private static partial class Log
    {
        [LoggerMessage(1601, LogLevel.Information, "Process {Pid} could not be asked to end: it has exited, or has no console")]
        public static partial void NotAsked(ILogger logger, int pid);
    }
}
