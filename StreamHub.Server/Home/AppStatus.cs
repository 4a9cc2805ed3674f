using StreamHub.Domain.Instances;

namespace StreamHub.Server.Home;

/// <summary>Where an app is, as its visitors are told.</summary>
/// <param name="State">The instance in one word, for programs.</param>
/// <param name="Word">The same for people, in their language.</param>
/// <param name="IsReady">Whether it runs and takes visitors; this one only when <paramref name="Queue"/> is null.</param>
/// <param name="Step">0 queued, 1 process started, 2 waits for its answer, 3 ready.</param>
/// <param name="ElapsedMs">Milliseconds since this start was asked for; 0 when none is under way.</param>
/// <param name="Queue">Its place among the apps that wait, or the visitor's among those who wait for a seat in it, and what is waited for, in words; null when nobody waits.</param>
/// <param name="Pause">Why it stands still and until when, in words, while an admin has stopped it or the whole hub; else null.</param>
/// <param name="Failure">The line that says what went wrong.</param>
/// <param name="Exit">How the last run ended, in words.</param>
/// <param name="RetryInMs">Milliseconds to the next attempt by itself; null when there is none.</param>
/// <param name="Run">The run that takes visitors; null when none does.</param>
/// <param name="IsIn">Whether the visitor has a session in that run.</param>
/// <param name="Why">What the admin who restarted it says to those who were in the run before; null for nothing.</param>
/// <param name="IdleStopMs">Milliseconds until it is stopped because nobody uses it, when that is near; else null.</param>
/// <param name="Leaving">Replaced runs whose sessions have not left yet.</param>
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
    bool IsIn,
    string? Why,
    long? IdleStopMs,
    IReadOnlyList<AppStatus.LeavingRun> Leaving,
    IReadOnlyList<string> Log)
{
    /// <summary>A replaced run.</summary>
    /// <param name="EndsInMs">Milliseconds until its remaining sessions are ended.</param>
    /// <param name="Why">What the admin says about it; null for nothing.</param>
    public sealed record LeavingRun(long Run, long EndsInMs, string? Why);

    /// <summary>Whether the last start failed.</summary>
    public bool IsFailed => State is InstanceStatus.Backoff or InstanceStatus.Quarantined;
}
