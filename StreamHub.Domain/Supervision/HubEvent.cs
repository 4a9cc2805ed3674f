using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>Every event of the supervisor. Each one enters through its mailbox.</summary>
public abstract record HubEvent
{
    private HubEvent()
    {
    }

    /// <summary>
    /// A hub starts. One event, so that nothing is launched for an app with an adopted process or a hold.
    /// </summary>
    public sealed record HubStarted(AppsChanged Apps, HoldsRestored Holds, Adopted Found) : HubEvent
    {
        /// <summary>Instances with waiting visitors when an earlier hub ended, in queue order.</summary>
        public ImmutableArray<InstanceKey> Line { get; init; } = [];
    }

    /// <summary>The set of registered apps changed.</summary>
    public sealed record AppsChanged(ImmutableArray<App> Apps) : HubEvent;

    /// <summary>Living processes of an earlier hub, as it recorded them.</summary>
    public sealed record Adopted(ImmutableArray<AdoptedRun> Runs) : HubEvent
    {
        /// <summary>Recorded processes that are no longer alive: they are only reported.</summary>
        public ImmutableArray<LostRun> Lost { get; init; } = [];
    }

    /// <summary>A visit. Demand only: it overrides neither a hold nor a quarantine.</summary>
    public sealed record Requested(InstanceKey Instance) : HubEvent;

    /// <summary>A visitor's retry after a failed start. It overrides a quarantine, but not a hold.</summary>
    public sealed record RetryRequested(InstanceKey Instance) : HubEvent;

    /// <summary>An admin's start. It overrides holds and quarantines.</summary>
    public sealed record StartRequested(InstanceKey Instance, string By) : HubEvent;

    /// <summary>An admin's stop, with a hold.</summary>
    /// <param name="Hold">The admin, the duration, and the message for visitors.</param>
    public sealed record StopRequested(InstanceKey Instance, Hold Hold) : HubEvent;

    /// <summary>An admin's restart.</summary>
    /// <param name="Drain">Whether open sessions may stay on the old run until the drain time ends.</param>
    /// <param name="Why">The message for users of the old run; null for none.</param>
    public sealed record RestartRequested(InstanceKey Instance, bool Drain, string? Why, string By) : HubEvent;

    /// <summary>A scheduled restart; without effect where no run is alive.</summary>
    public sealed record RestartDue(AppSlug App) : HubEvent;

    /// <summary>An admin starts maintenance: all runs are stopped, and visitors see a message.</summary>
    /// <param name="Hold">The admin, the duration, and the message for visitors.</param>
    public sealed record MaintenanceBegun(Hold Hold) : HubEvent;

    /// <summary>An admin ends maintenance.</summary>
    public sealed record MaintenanceEnded(string By) : HubEvent;

    /// <summary>The admins' holds when an earlier hub ended.</summary>
    public sealed record HoldsRestored(ImmutableDictionary<InstanceKey, Hold> Holds, Hold? Maintenance) : HubEvent;

    /// <summary>The process host started the process.</summary>
    public sealed record Launched(RunId Run, RunProcess Process) : HubEvent;

    /// <summary>The process host could not start it.</summary>
    /// <param name="Message">The cause, for an admin.</param>
    /// <param name="IsShortage">Whether the hub or its machine lacked a resource (disk space, port, process id); else the app is at fault.</param>
    public sealed record LaunchFailed(RunId Run, string Message, bool IsShortage = false) : HubEvent;

    /// <summary>The probe received an answer from the run's own loopback listener.</summary>
    public sealed record BecameReady(RunId Run) : HubEvent;

    /// <summary>The process exited, with its whole process tree.</summary>
    /// <param name="Outcome">How it exited, as far as the system reports it.</param>
    public sealed record Exited(RunId Run, ExitOutcome Outcome) : HubEvent
    {
        public ExitOutput Output { get; init; } = ExitOutput.None;
    }

    /// <summary>An app WebSocket was opened through the proxy.</summary>
    /// <param name="IsReturning">Whether a page reconnected to its session, which pages do by themselves.</param>
    public sealed record SessionOpened(RunId Run, bool IsReturning = false) : HubEvent;

    /// <summary>An app WebSocket was closed.</summary>
    public sealed record SessionClosed(RunId Run) : HubEvent;

    /// <summary>The run was used.</summary>
    /// <param name="IsPerson">Whether a user acted in it.</param>
    /// <param name="IsUnderWay">Whether a script runs for a user, or a response or upload is under way. Neither: it computed.</param>
    public sealed record Used(RunId Run, bool IsPerson, bool IsUnderWay = false) : HubEvent;

    /// <summary>The health check found that a ready run does not do its work, or does it again.</summary>
    /// <param name="Hang">Null when it does it again.</param>
    public sealed record Checked(RunId Run, RunHang? Hang) : HubEvent;

    /// <summary>The hub stops together with its apps.</summary>
    public sealed record HubStopping : HubEvent;

    /// <summary>The hub stops, and its apps continue until the next hub adopts them.</summary>
    public sealed record HubLeaving : HubEvent;

    /// <summary>Time passed.</summary>
    public sealed record Tick : HubEvent
    {
        public static Tick Instance { get; } = new();
    }
}
