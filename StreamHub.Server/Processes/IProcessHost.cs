using System.Net;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Processes;

/// <summary>
/// The only code that touches operating-system processes. A process it starts is detached: it outlives the hub.
/// Nothing is signalled by its id alone: who has the id is told by its start, and held while it is signalled (Linux before 5.3: only told).
/// </summary>
internal interface IProcessHost
{
    /// <summary>Starts a process in a session (Linux) or job (Windows) of its own, stdin closed.</summary>
    /// <remarks>Its outcome is kept until somebody waits for its end.</remarks>
    /// <exception cref="ProcessStartException">It could not be started; the message is for an admin.</exception>
    ProcessIdentity Start(ProcessStart start);

    /// <summary>Whether this very process is alive.</summary>
    bool IsAlive(ProcessIdentity process);

    /// <summary>Completes, within milliseconds, when the process has ended; at once when it is gone already.</summary>
    Task<ExitOutcome> WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken);

    /// <summary>Asks the process to end (SIGTERM to each process of its group; Ctrl-C to its console). Does not wait.</summary>
    void Terminate(RunMark mark, ProcessIdentity process);

    /// <summary>
    /// Ends every process of the run: its control group (Linux) or job (Windows), descendants, those that left for another
    /// session, and all that carry its mark.
    /// Returns when none is left; what cannot be killed it is at until it is cancelled.
    /// </summary>
    Task KillTreeAsync(RunMark mark, ProcessIdentity process, CancellationToken cancellationToken);

    /// <summary>Every living process of a run of this data directory. What is left of runs that are over is cleared away.</summary>
    /// <param name="hub">The id of the data directory.</param>
    IReadOnlyList<MarkedProcess> FindMarked(string hub);

    /// <summary>Who listens on a TCP port.</summary>
    ListenerCheck CheckListener(RunMark mark, ProcessIdentity process, int port);

    /// <summary>Whose the other end of a connection is that comes from this machine.</summary>
    /// <param name="hub">The id of the data directory: a process that carries its mark is a run's, too.</param>
    /// <param name="runs">The runs; each with all that it started.</param>
    /// <param name="peer">The other end; no IPv4 in IPv6 form.</param>
    /// <param name="run">Which run's it is; null where that cannot be told.</param>
    PeerCheck CheckPeer(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run);

    /// <summary>Reads the machine's counters.</summary>
    HostReading ReadHost();

    /// <summary>Reads the counters of each run's process tree in one pass; a run without living process is left out.</summary>
    IReadOnlyDictionary<RunId, TreeReading> ReadTrees(IReadOnlyCollection<MarkedProcess> runs);
}
