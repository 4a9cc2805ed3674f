using System.Net;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Processes;

/// <summary>
/// The only code that touches operating-system processes. Started processes are detached and outlive the hub. No process is
/// signalled by its id alone: its start time is compared and the process is held by a handle meanwhile (Linux before 5.3: only
/// compared).
/// </summary>
internal interface IProcessHost
{
    /// <summary>Starts a process in its own session (Linux) or job (Windows), with stdin closed.</summary>
    /// <remarks>The exit outcome is kept until it is awaited.</remarks>
    /// <exception cref="ProcessStartException">The process could not be started; the message is for an admin.</exception>
    ProcessIdentity Start(ProcessStart start);

    /// <summary>Whether exactly this process is alive.</summary>
    bool IsAlive(ProcessIdentity process);

    /// <summary>Completes within milliseconds after the process has exited; at once when it is already gone.</summary>
    Task<ExitOutcome> WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken);

    /// <summary>Asks the process to end (SIGTERM to each process of its group; Ctrl-C to its console). Does not wait.</summary>
    void Terminate(RunMark mark, ProcessIdentity process);

    /// <summary>
    /// Kills every process of the run: its control group (Linux) or job (Windows), all descendants, also in other sessions, and
    /// all processes with its mark. Returns when all are gone; retries until cancelled.
    /// </summary>
    Task KillTreeAsync(RunMark mark, ProcessIdentity process, CancellationToken cancellationToken);

    /// <summary>Every living process of a run of this data directory. Also removes the remains of ended runs.</summary>
    /// <param name="hub">The id of the data directory.</param>
    IReadOnlyList<MarkedProcess> FindMarked(string hub);

    /// <summary>Checks the owner of the listener on a TCP port.</summary>
    ListenerCheck CheckListener(RunMark mark, ProcessIdentity process, int port);

    /// <summary>Where the processes of a run listen for TCP connections.</summary>
    IReadOnlyList<IPEndPoint> FindListeners(RunMark mark, ProcessIdentity process);

    /// <summary>Finds the owner of the other end of a connection from this machine.</summary>
    /// <param name="hub">The id of the data directory: a process with its mark belongs to a run, too.</param>
    /// <param name="runs">The main processes of the runs, each representing its process tree.</param>
    /// <param name="peer">The other end; never IPv4 in IPv6 form.</param>
    /// <param name="run">The run that owns it; null when unknown.</param>
    PeerCheck CheckPeer(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run);

    HostReading ReadHost();

    /// <summary>Reads the counters of each run's process tree in one pass; runs without a living process are omitted.</summary>
    IReadOnlyDictionary<RunId, TreeReading> ReadTrees(IReadOnlyCollection<MarkedProcess> runs);
}
