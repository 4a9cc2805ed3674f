using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Home;

/// <summary>The status of an app for its visitors.</summary>
/// <param name="State">The status of the instance, for programs.</param>
/// <param name="Word">The status in the visitor's language.</param>
/// <param name="IsReady">Whether it runs and accepts visitors; this visitor only when <paramref name="Queue"/> is null.</param>
/// <param name="Step">0 queued, 1 process started, 2 waiting for its response, 3 ready.</param>
/// <param name="ElapsedMs">Milliseconds since this start was requested; 0 when none is in progress.</param>
/// <param name="Queue">The position of the app in the start queue, or of the visitor in the queue for a seat, as text; null without a queue.</param>
/// <param name="Pause">The message and end of an admin's stop of the app or the hub, as text; else null.</param>
/// <param name="Failure">The output line with the error.</param>
/// <param name="Exit">How the last run ended, as text.</param>
/// <param name="RetryInMs">Milliseconds to the next automatic attempt; null when there is none.</param>
/// <param name="Run">The run that accepts visitors; null for none.</param>
/// <param name="Page">The version of that run's page; null when unknown. Pages of other versions reload.</param>
/// <param name="IsIn">Whether the visitor has a session in that run.</param>
/// <param name="Why">The admin's message about the restart to the people on the old run; null for none.</param>
/// <param name="IdleStopMs">Milliseconds until the idle stop when it is near; else null.</param>
/// <param name="Hint">Why a start takes longer than usual, or how a stopped app is started, as text; null for nothing to tell.</param>
/// <param name="Leaving">Replaced runs with open sessions.</param>
/// <param name="Log">The last lines of its output, oldest first.</param>
public sealed record AppStatus(
    InstanceStatus State,
    string Word,
    bool IsReady,
    int Step,
    long ElapsedMs,
    string? Queue,
    string? Pause,
    string? Failure,
    string? Exit,
    long? RetryInMs,
    long? Run,
    string? Page,
    bool IsIn,
    string? Why,
    long? IdleStopMs,
    string? Hint,
    IReadOnlyList<AppStatus.LeavingRun> Leaving,
    IReadOnlyList<string> Log)
{
    /// <summary>A replaced run.</summary>
    /// <param name="EndsInMs">Milliseconds until its remaining sessions are closed.</param>
    /// <param name="Why">The admin's message; null for none.</param>
    public sealed record LeavingRun(long Run, long EndsInMs, string? Why);

    public bool IsFailed => State is InstanceStatus.Backoff or InstanceStatus.Quarantined;
}
