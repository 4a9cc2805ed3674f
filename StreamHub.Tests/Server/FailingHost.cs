using System.Net;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Processes;

namespace StreamHub.Tests.Server;

/// <summary>The machine's own process host, with what machines refuse now and then.</summary>
internal sealed class FailingHost(IProcessHost host) : IProcessHost
{
    /// <summary>Does something before a process is said to have started.</summary>
    public Action? AfterStart { get; init; }

    /// <summary>Does something before an end is waited for.</summary>
    public Action? BeforeWait { get; init; }

    /// <summary>Stands for the kill of a run; null for the real one.</summary>
    public Func<CancellationToken, Task>? Kill { get; init; }

    /// <summary>What was started last.</summary>
    public ProcessIdentity? Started { get; private set; }

    /// <summary>Stands for a reading of the machine; null for the real one.</summary>
    public Func<HostReading>? Reading { get; init; }

    public ProcessIdentity Start(ProcessStart start)
    {
        Started = host.Start(start);
        AfterStart?.Invoke();
        return Started;
    }

    public bool IsAlive(ProcessIdentity process) => host.IsAlive(process);

    public Task<ExitOutcome> WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        BeforeWait?.Invoke();
        return host.WaitForExitAsync(process, cancellationToken);
    }

    public void Terminate(RunMark mark, ProcessIdentity process) => host.Terminate(mark, process);

    public Task KillTreeAsync(RunMark mark, ProcessIdentity process, CancellationToken cancellationToken) =>
        Kill?.Invoke(cancellationToken) ?? host.KillTreeAsync(mark, process, cancellationToken);

    public IReadOnlyList<MarkedProcess> FindMarked(string hub) => host.FindMarked(hub);

    public ListenerCheck CheckListener(RunMark mark, ProcessIdentity process, int port) => host.CheckListener(mark, process, port);

    public IReadOnlyList<IPEndPoint> FindListeners(RunMark mark, ProcessIdentity process) => host.FindListeners(mark, process);

    public PeerCheck CheckPeer(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run) => host.CheckPeer(hub, runs, peer, local, out run);

    public HostReading ReadHost() => Reading?.Invoke() ?? host.ReadHost();

    public IReadOnlyDictionary<RunId, TreeReading> ReadTrees(IReadOnlyCollection<MarkedProcess> runs) => host.ReadTrees(runs);
}
