using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>An action requested by the supervisor. Its result returns as an event about the same run.</summary>
public abstract record HubEffect(RunId Run)
{
    /// <summary>Start the process: answered by <see cref="HubEvent.Launched"/> or <see cref="HubEvent.LaunchFailed"/>.</summary>
    public sealed record Launch(RunId Run, InstanceKey Instance, App App) : HubEffect(Run);

    /// <summary>Probe until the run answers (<see cref="HubEvent.BecameReady"/>), and watch for its exit (<see cref="HubEvent.Exited"/>).</summary>
    /// <param name="VisitUntil">Until when a test visit may last, after which the run counts as ready; null for no visit.</param>
    public sealed record Probe(RunId Run, RunProcess Process, App App, DateTimeOffset? VisitUntil) : HubEffect(Run);

    /// <summary>Store the drain deadline of a replaced run, for a later hub.</summary>
    /// <param name="Deadline">When the remaining sessions are closed.</param>
    /// <param name="Why">The message for users of the run; null for none.</param>
    public sealed record Drain(RunId Run, DateTimeOffset Deadline, string? Why) : HubEffect(Run);

    /// <summary>Ask the process to end.</summary>
    public sealed record Terminate(RunId Run, RunProcess Process) : HubEffect(Run);

    /// <summary>Kill the process tree.</summary>
    public sealed record Kill(RunId Run, RunProcess Process) : HubEffect(Run);
}
