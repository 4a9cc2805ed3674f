using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What the supervisor wants done. Its result comes back as an event with the same run.</summary>
public abstract record HubEffect(RunId Run)
{
    /// <summary>Start the process: answered by <see cref="HubEvent.Launched"/> or <see cref="HubEvent.LaunchFailed"/>.</summary>
    /// <param name="App">The app as it is now.</param>
    public sealed record Launch(RunId Run, InstanceKey Instance, App App) : HubEffect(Run);

    /// <summary>Ask until it answers: <see cref="HubEvent.BecameReady"/>. Also watch for its end: <see cref="HubEvent.Exited"/>.</summary>
    /// <param name="IsThorough">Whether nobody waits for it: a run serves already, and this one has to show first that it can.</param>
    public sealed record Probe(RunId Run, RunProcess Process, App App, bool IsThorough) : HubEffect(Run);

    /// <summary>Write down until when a replaced run keeps its sessions, for a later hub.</summary>
    /// <param name="Deadline">When its remaining sessions are ended.</param>
    /// <param name="Why">What its people are told; null for nothing.</param>
    public sealed record Drain(RunId Run, DateTimeOffset Deadline, string? Why) : HubEffect(Run);

    /// <summary>Ask it to end.</summary>
    public sealed record Terminate(RunId Run, RunProcess Process) : HubEffect(Run);

    /// <summary>End it with all its descendants.</summary>
    public sealed record Kill(RunId Run, RunProcess Process) : HubEffect(Run);
}
