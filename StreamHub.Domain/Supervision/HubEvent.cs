using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>Everything that can happen to the supervisor. Each one enters through its mailbox.</summary>
public abstract record HubEvent
{
    private HubEvent()
    {
    }

    /// <summary>
    /// A hub begins. In one event, so that nothing is launched for an app whose process an earlier hub left, or which an admin holds.
    /// </summary>
    public sealed record HubStarted(AppsChanged Apps, HoldsRestored Holds, Adopted Found) : HubEvent
    {
        /// <summary>Whose visitors waited for room when an earlier hub ended, in their order.</summary>
        public ImmutableArray<InstanceKey> Line { get; init; } = [];
    }

    /// <summary>The registered apps are now these.</summary>
    public sealed record AppsChanged(ImmutableArray<App> Apps) : HubEvent;

    /// <summary>Processes of an earlier hub were found alive, as it wrote them down.</summary>
    public sealed record Adopted(ImmutableArray<AdoptedRun> Runs) : HubEvent
    {
        /// <summary>Those that were not: nothing follows from them but that it is told.</summary>
        public ImmutableArray<LostRun> Lost { get; init; } = [];
    }

    /// <summary>Somebody visits. Demand only: it beats neither a hold nor a quarantine.</summary>
    public sealed record Requested(InstanceKey Instance) : HubEvent;

    /// <summary>A visitor asks to try a failed start again. It beats a quarantine, not a hold.</summary>
    public sealed record RetryRequested(InstanceKey Instance) : HubEvent;

    /// <summary>An admin starts it. It beats holds and quarantines.</summary>
    public sealed record StartRequested(InstanceKey Instance, string By) : HubEvent;

    /// <summary>An admin stops it and holds it stopped.</summary>
    /// <param name="Hold">Who, for how long, and what visitors are told.</param>
    public sealed record StopRequested(InstanceKey Instance, Hold Hold) : HubEvent;

    /// <summary>An admin wants a fresh run.</summary>
    /// <param name="Drain">Whether open sessions may stay on the old run until the drain time ends.</param>
    /// <param name="Why">What the people on the old run are told; null for nothing.</param>
    public sealed record RestartRequested(InstanceKey Instance, bool Drain, string? Why, string By) : HubEvent;

    /// <summary>Its clock wants a fresh run; nothing happens where none runs.</summary>
    /// <param name="App">Of which app: each of its instances.</param>
    public sealed record RestartDue(AppSlug App) : HubEvent;

    /// <summary>An admin stops everything, and visitors are told so.</summary>
    /// <param name="Hold">Who, for how long, and what visitors are told.</param>
    public sealed record MaintenanceBegun(Hold Hold) : HubEvent;

    /// <summary>An admin opens the hub again.</summary>
    public sealed record MaintenanceEnded(string By) : HubEvent;

    /// <summary>What admins had stopped when an earlier hub ended.</summary>
    /// <param name="Maintenance">Of the whole hub; null for none.</param>
    public sealed record HoldsRestored(ImmutableDictionary<InstanceKey, Hold> Holds, Hold? Maintenance) : HubEvent;

    /// <summary>The process host started the process.</summary>
    public sealed record Launched(RunId Run, RunProcess Process) : HubEvent;

    /// <summary>The process host could not start it.</summary>
    /// <param name="Message">Why, in words for an admin.</param>
    /// <param name="IsShortage">Whether the hub or its machine lacked something: room on the disk, a port, a process id. Else the app is to blame.</param>
    public sealed record LaunchFailed(RunId Run, string Message, bool IsShortage = false) : HubEvent;

    /// <summary>The probe saw the run answer, on its own loopback listener.</summary>
    public sealed record BecameReady(RunId Run) : HubEvent;

    /// <summary>The process is gone, with all its descendants.</summary>
    /// <param name="Outcome">How it ended, as far as the system tells.</param>
    public sealed record Exited(RunId Run, ExitOutcome Outcome) : HubEvent
    {
        /// <summary>What it printed at the end.</summary>
        public ExitOutput Output { get; init; } = ExitOutput.None;
    }

    /// <summary>An app WebSocket was opened through the proxy.</summary>
    public sealed record SessionOpened(RunId Run) : HubEvent;

    /// <summary>An app WebSocket was closed.</summary>
    public sealed record SessionClosed(RunId Run) : HubEvent;

    /// <summary>The run was of use.</summary>
    /// <param name="IsPerson">Whether somebody did something in it; else it computed.</param>
    public sealed record Used(RunId Run, bool IsPerson) : HubEvent;

    /// <summary>A ready run was found not to do its work, or, without a reason, to do it again.</summary>
    /// <param name="Reason">In which way; null when it is well.</param>
    public sealed record Checked(RunId Run, HungReason? Reason) : HubEvent;

    /// <summary>The hub stops and takes its apps along.</summary>
    public sealed record HubStopping : HubEvent;

    /// <summary>The hub stops, and its apps go on until the next one comes.</summary>
    public sealed record HubLeaving : HubEvent;

    /// <summary>Time passed.</summary>
    public sealed record Tick : HubEvent
    {
        /// <summary>The only value.</summary>
        public static Tick Instance { get; } = new();
    }
}
