using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Processes on Linux: each run has its own session and, where available, its own control group. One thread per run waits for
/// its exit.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxProcessHost : IProcessHost, IDisposable
{
    private const int WatchStackSize = 128 * 1024;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);
    private static readonly string BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private readonly ConcurrentDictionary<ProcessIdentity, Task<ExitOutcome>> children = new();

    /// <summary>Verified listeners of runs, by main process.</summary>
    private readonly ConcurrentDictionary<ProcessIdentity, string> proven = new();
    private readonly TimeProvider timeProvider;
    private readonly ControlGroups? groups;
    private readonly RunIsolation? isolation;
    private readonly RunTrees trees;
    private readonly RunMemory memory;
    private readonly LinuxPeers peers;

    /// <summary>Creates the host, and logs whether control groups and isolation are available.</summary>
    public LinuxProcessHost(HubSettings settings, TimeProvider timeProvider, ILogger<LinuxProcessHost> logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.timeProvider = timeProvider;
        var whyNot = "disabled by StreamHub:Apps:ControlGroups";
        groups = settings.ControlGroups ? ControlGroups.Open(out whyNot) : null;
        trees = new RunTrees(BootId, groups);
        memory = new RunMemory(groups, timeProvider);
        peers = new LinuxPeers(trees);
        if (groups is null)
        {
            Log.NoGroups(logger, whyNot);
        }
        else
        {
            Log.Groups(logger, groups.Parent);
        }

        isolation = RunIsolation.Open(settings, out var whyOpen);
        if (isolation is null)
        {
            Log.NoIsolation(logger, whyOpen);
        }
        else
        {
            Log.Isolation(logger, (isolation.KeepsPorts, isolation.KeepsSignals) switch
            {
                (true, true) => "files and processes, each other's ports, and signals",
                (true, false) => "files and processes, and each other's ports",
                _ => "files and processes",
            });
            if (RunIsolation.CloseDiagnostics() is { } open)
            {
                Log.Diagnostics(logger, open);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => isolation?.Dispose();

    /// <inheritdoc/>
    public ProcessIdentity Start(ProcessStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var pid = LinuxSpawn.Start(start, groups?.Create(start.Mark), isolation);

        // A child's id cannot be reused until it is reaped, even after its exit.
        var identity = new ProcessIdentity(pid, ProcStat.Read(pid)?.StartTime ?? 0, BootId);
        trees.Add(start.Mark, identity);
        try
        {
            children[identity] = OnThread(() => LinuxNative.Reap(pid));
        }
        catch (OutOfMemoryException exception)
        {
            // Without a thread to watch it, the process could never be reaped.
            LinuxNative.Kill(pid, LinuxNative.SigKill);
            LinuxNative.Reap(pid);
            throw new ProcessStartException($"The process could not be watched: {exception.Message}", exception) { IsShortage = true };
        }

        return identity;
    }

    /// <inheritdoc/>
    public bool IsAlive(ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.BootId == BootId
            && ProcStat.Read(process.Pid) is { IsZombie: false } stat && stat.StartTime == process.StartTime;
    }

    /// <inheritdoc/>
    public async Task<ExitOutcome> WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        if (children.TryGetValue(process, out var ended))
        {
            var outcome = await ended.WaitAsync(cancellationToken);
            children.TryRemove(process, out _);
            return outcome;
        }

        var pidfd = LinuxNative.OpenPidfd(process.Pid);
        if (pidfd < 0)
        {
            using var timer = new PeriodicTimer(WatchInterval, timeProvider);
            while (IsAlive(process) && await timer.WaitForNextTickAsync(cancellationToken))
            {
                // Kernels before 5.3 have no pidfd.
            }

            return new ExitOutcome.Vanished();
        }

        return await OnThread(() => Watch(pidfd, process)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Terminate(RunMark mark, ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        foreach (var member in trees.Members(mark, process).Where(member => member.Group == process.Pid))
        {
            Signal(member, LinuxNative.SigTerm);
        }
    }

    /// <inheritdoc/>
    public async Task KillTreeAsync(RunMark mark, ProcessIdentity process, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(process);
        var pause = new KillPause();
        while (true)
        {
            groups?.Kill(mark);
            var members = trees.Members(mark, process);
            members.ForEach(static member => Signal(member, LinuxNative.SigKill));
            if (members.Count == 0 && groups?.IsPopulated(mark) != true)
            {
                break;
            }

            var left = members.Aggregate(0, static (sum, member) => HashCode.Combine(sum, member.Pid, member.StartTime));
            await Task.Delay(pause.After(left), timeProvider, cancellationToken);
        }

        groups?.Remove(mark);
        proven.TryRemove(process, out _);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MarkedProcess> FindMarked(string hub)
    {
        groups?.Discover(hub);
        groups?.RemoveEmpty();
        return
        [
            .. from member in trees.Look([])
               where member.Mark.Hub == hub
               select new MarkedProcess(member.Mark, new ProcessIdentity(member.Stat.Pid, member.Stat.StartTime, BootId)),
        ];
    }

    /// <inheritdoc/>
    public ListenerCheck CheckListener(RunMark mark, ProcessIdentity process, int port)
    {
        var listeners = Listeners(port);
        if (listeners.Count == 0)
        {
            return ListenerCheck.None;
        }

        // An unchanged listener needs no second check of its owner. The owner is nearly always the main process; the whole tree
        // is searched only otherwise.
        ArgumentNullException.ThrowIfNull(process);
        var (inodes, isAlive) = (string.Join(' ', listeners.Select(listener => listener.Inode)), IsAlive(process));
        if (!(isAlive && proven.GetValueOrDefault(process) == inodes))
        {
            if (!(isAlive && AreOf([process.Pid])) && !AreOf(trees.Members(mark, process).Select(member => member.Pid)))
            {
                return ListenerCheck.Foreign;
            }

            proven[process] = inodes;
        }

        return listeners.TrueForAll(listener => listener.IsLoopback) ? ListenerCheck.Own : ListenerCheck.Exposed;

        bool AreOf(IEnumerable<int> pids)
        {
            var sockets = pids.SelectMany(ProcNet.SocketsOf).ToHashSet(StringComparer.Ordinal);
            return listeners.TrueForAll(listener => sockets.Contains(listener.Inode));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> FindListeners(RunMark mark, ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var sockets = trees.Members(mark, process).SelectMany(member => ProcNet.SocketsOf(member.Pid)).ToHashSet(StringComparer.Ordinal);
        return [.. Listeners(port: null).Where(listener => sockets.Contains(listener.Inode)).Select(listener => listener.End)];
    }

    /// <inheritdoc/>
    public PeerCheck CheckPeer(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run) =>
        peers.Check(hub, runs, peer, local, out run);

    /// <inheritdoc/>
    public HostReading ReadHost() => ProcHost.Read();

    /// <inheritdoc/>
    public IReadOnlyDictionary<RunId, TreeReading> ReadTrees(IReadOnlyCollection<MarkedProcess> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            return ImmutableDictionary<RunId, TreeReading>.Empty;
        }

        var wanted = runs.Select(run => run.Mark).ToHashSet();
        var members = trees.Look(runs).Where(member => wanted.Contains(member.Mark)).ToLookup(member => member.Mark, member => member.Stat);
        var taken = memory.Read(members);
        return members.ToDictionary(run => run.Key.Run, run => new TreeReading(
            groups?.CpuTime(run.Key) ?? ProcHost.Time(run.Sum(stat => stat.CpuTicks)), taken[run.Key], run.Count()));
    }

    private static List<ListeningSocket> Listeners(int? port) => SocketDiag.Listeners(port) ?? ProcNet.Listeners(port);

    private static void Signal(ProcStat process, int signal)
    {
        // The pidfd holds the process: the process verified now is the one that is signalled. Kernels before 5.3 have no pidfd.
        var pidfd = LinuxNative.OpenPidfd(process.Pid);
        if (ProcStat.Read(process.Pid)?.StartTime == process.StartTime)
        {
            if (pidfd < 0)
            {
                LinuxNative.Kill(process.Pid, signal);
            }
            else
            {
                LinuxNative.Signal(pidfd, signal);
            }
        }

        if (pidfd >= 0)
        {
            LinuxNative.Close(pidfd);
        }
    }

    private ExitOutcome.Vanished Watch(int pidfd, ProcessIdentity process)
    {
        if (IsAlive(process))
        {
            LinuxNative.WaitForEnd(pidfd);
        }

        LinuxNative.Close(pidfd);
        return new ExitOutcome.Vanished();
    }

    private static Task<ExitOutcome> OnThread(Func<ExitOutcome> wait)
    {
        var result = new TaskCompletionSource<ExitOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => result.SetResult(wait()), WatchStackSize) { IsBackground = true, Name = "process watch" }.Start();
        return result.Task;
    }

    private static partial class Log
    {
        [LoggerMessage(1602, LogLevel.Information, "Each run gets a control group below {Parent}")]
        public static partial void Groups(ILogger logger, string parent);

        [LoggerMessage(1603, LogLevel.Information, "Control groups are unavailable; processes are assigned to runs by session, descent and mark only: {WhyNot}")]
        public static partial void NoGroups(ILogger logger, string whyNot);

        [LoggerMessage(1605, LogLevel.Information, "Runs are isolated from the hub's {What}")]
        public static partial void Isolation(ILogger logger, string what);

        [LoggerMessage(1606, LogLevel.Warning, "The hub's diagnostics port could not be closed, so that runs can inspect the hub: {WhyNot}. DOTNET_EnableDiagnostics=0 in the hub's environment also closes it")]
        public static partial void Diagnostics(ILogger logger, string whyNot);

        [LoggerMessage(1604, LogLevel.Information, "Isolation is unavailable: a run can access the hub's files, and other runs' ports, memory and processes: {WhyNot}")]
        public static partial void NoIsolation(ILogger logger, string whyNot);
    }
}
