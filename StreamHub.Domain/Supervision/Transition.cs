using System.Collections.Immutable;
using System.Globalization;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>A change of an instance's state: one entry of its history.</summary>
/// <param name="At">When.</param>
/// <param name="Instance">Whose state.</param>
/// <param name="Run">The run that it is about; null when it is about none.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after; the same where only one of two runs moved on.</param>
/// <param name="Cause">Who or what caused it.</param>
/// <param name="By">Which admin; null when it was none.</param>
/// <param name="Reason">The name of the <see cref="StopReason"/> or of the <see cref="ExitOutcome"/>'s case; null when there is nothing to explain.</param>
/// <param name="Detail">What the reason goes with: the exit code, the signal's number, the message, the admin's words.</param>
public sealed record Transition(
    DateTimeOffset At,
    InstanceKey Instance,
    RunId? Run,
    InstanceStatus From,
    InstanceStatus To,
    TransitionCause Cause,
    string? By,
    string? Reason,
    string? Detail)
{
    /// <summary>The reason where the maintenance of the whole hub is over.</summary>
    public const string Opened = "Opened";

    /// <summary>The end of a run, when this is one.</summary>
    public RunExit? Exit { get; private init; }

    /// <summary>What a step changed, by instance.</summary>
    /// <param name="before">The state before the step.</param>
    /// <param name="event">What the step took in.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="at">When.</param>
    public static ImmutableArray<Transition> Between(HubState before, HubEvent @event, HubState after, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(after);
        var turn = Turn(before, @event, after);
        var found = ImmutableArray.CreateBuilder<Transition>();
        if (@event is HubEvent.HubStarted { Found.Lost: var lost })
        {
            found.AddRange(lost.Select(run => Of(run, at)));
        }

        if (ReferenceEquals(before.Instances, after.Instances) && turn is null)
        {
            return found.ToImmutable();
        }

        foreach (var now in after.Instances.Values)
        {
            var old = before.Find(now.Key) ?? new Instance(now.Key, now.App);
            if (!ReferenceEquals(old, now) && !IsSame(old, now))
            {
                found.Add(Of(old, @event, now, at));
            }
            else if (turn is var (cause, by, reason, detail))
            {
                found.Add(new Transition(at, now.Key, null, old.Status, now.Status, cause, by, reason, detail));
            }
        }

        // The last run of a removed app takes its instance along.
        foreach (var gone in before.Instances.Values.Where(instance => after.Find(instance.Key) is null && !instance.Runs.IsEmpty))
        {
            found.Add(Of(gone, @event, new Instance(gone.Key, gone.App), at));
        }

        return found.ToImmutable();
    }

    // A hold is told again when it says something else, a place in the queue when it is for something else.
    private static bool IsSame(Instance old, Instance now) =>
        old.Status == now.Status && old.Desired == now.Desired && Kind(old.Waiting) == Kind(now.Waiting) && old.Runs.Select(Kind).SequenceEqual(now.Runs.Select(Kind));

    private static (Type, QueueReason?) Kind(Waiting waiting) => (waiting.GetType(), (waiting as Waiting.Queued)?.Reason);

    /// <summary>The begin, the change or the end of the whole hub's maintenance, which every instance's history has; null when it is none.</summary>
    private static (TransitionCause Cause, string? By, string Reason, string? Detail)? Turn(HubState before, HubEvent @event, HubState after) => (@event, after.Maintenance) switch
    {
        _ when before.Maintenance == after.Maintenance => null,
        (HubEvent.MaintenanceBegun, { } hold) => (TransitionCause.Admin, hold.By, nameof(StopReason.Maintenance), hold.Text),
        (HubEvent.MaintenanceEnded ended, _) => (TransitionCause.Admin, ended.By, Opened, null),
        (_, null) => (TransitionCause.Deadline, null, Opened, null),

        // Kept over a restart of the hub: that is no news.
        _ => null,
    };

    private static (RunId, Type) Kind(Run run) => (run.Id, run.State.GetType());

    /// <summary>What served, and was not asked to end, is as good as crashed. Nobody knows when: it lived until this was noticed, at most.</summary>
    private static Transition Of(LostRun run, DateTimeOffset at) => new(
        at,
        run.Instance,
        run.Run,
        run.IsEnding ? InstanceStatus.Stopping : run.IsReady ? InstanceStatus.Running : InstanceStatus.Starting,
        InstanceStatus.Stopped,
        TransitionCause.HubStart,
        null,
        nameof(ExitOutcome.Vanished),
        null)
    {
        Exit = run is { IsReady: true, IsEnding: false }
            ? new RunExit(run.Run, at, at > run.Created ? at - run.Created : TimeSpan.Zero, new ExitOutcome.Vanished())
            : null,
    };

    private static Transition Of(Instance old, HubEvent @event, Instance now, DateTimeOffset at)
    {
        var exit = ReferenceEquals(old.LastExit, now.LastExit) ? null : now.LastExit;
        var moved = now.Runs.LastOrDefault(run => !old.Runs.Any(known => Kind(known) == Kind(run)));
        var gone = old.Runs.FirstOrDefault(run => now.Runs.All(left => left.Id != run.Id));
        var (reason, detail) = exit is not null ? Words(exit.Outcome) : (Stop(moved ?? gone), null);
        var restart = @event is HubEvent.RestartRequested asked && asked.Instance == now.Key ? asked : null;
        var hold = @event switch
        {
            HubEvent.StopRequested stop when stop.Instance == now.Key => stop.Hold,
            HubEvent.MaintenanceBegun begun => begun.Hold,
            _ => null,
        };
        var (cause, by) = Who(old, @event, now, exit, moved);
        return new Transition(
            at,
            now.Key,
            exit?.Run ?? (moved ?? gone)?.Id,
            old.Status,
            now.Status,
            cause,
            by,
            reason ?? (restart is null ? null : nameof(StopReason.Restarted)),
            detail ?? restart?.Why ?? hold?.Text)
        { Exit = exit };
    }

    private static (TransitionCause Cause, string? By) Who(Instance old, HubEvent @event, Instance now, RunExit? exit, Run? moved) => @event switch
    {
        HubEvent.Requested requested when requested.Instance == now.Key => (TransitionCause.Visit, null),
        HubEvent.RetryRequested retry when retry.Instance == now.Key => (TransitionCause.Visit, null),
        HubEvent.StartRequested start when start.Instance == now.Key => (TransitionCause.Admin, start.By),
        HubEvent.StopRequested stop when stop.Instance == now.Key => (TransitionCause.Admin, stop.Hold.By),
        HubEvent.RestartRequested restart when restart.Instance == now.Key => (TransitionCause.Admin, restart.By),
        HubEvent.MaintenanceBegun begun => (TransitionCause.Admin, begun.Hold.By),
        HubEvent.AppsChanged => (TransitionCause.Configuration, null),
        HubEvent.HubStarted or HubEvent.Adopted or HubEvent.HoldsRestored => (TransitionCause.HubStart, null),
        HubEvent.HubStopping => (TransitionCause.HubStop, null),
        HubEvent.Checked { Reason: null } when old.Status == InstanceStatus.Hung => (TransitionCause.Process, null),
        HubEvent.BecameReady ready when moved?.Id == ready.Run => (TransitionCause.Process, null),
        _ when exit is not null => (exit.IsFailure ? TransitionCause.Crash : TransitionCause.Process, null),
        _ when now.Runs.Length < old.Runs.Length => (TransitionCause.Process, null),
        _ => (moved?.State switch
        {
            RunState.Stopping { Reason: StopReason.Idle or StopReason.MadeRoom } => TransitionCause.Idle,
            RunState.Stopping { Reason: StopReason.Hung } => TransitionCause.Hung,
            RunState.Killing { Reason: StopReason.Memory } => TransitionCause.Memory,
            RunState.Starting => Queue(old, moved.Reason),
            _ when now.Status == InstanceStatus.Hung => TransitionCause.Hung,
            null when now.Waiting is Waiting.Queued queued => Queue(old, queued.Reason),
            _ => TransitionCause.Deadline,
        }, null),
    };

    private static TransitionCause Queue(Instance old, QueueReason reason) => reason switch
    {
        QueueReason.Schedule => TransitionCause.Schedule,
        QueueReason.Memory => TransitionCause.Memory,
        QueueReason.Hung => TransitionCause.Hung,
        QueueReason.Warm => TransitionCause.Warm,
        _ when old.Waiting is Waiting.Queued => TransitionCause.Slot,
        _ => TransitionCause.Deadline,
    };

    private static string? Stop(Run? run) => run?.State switch
    {
        RunState.Stopping stopping => stopping.Reason.ToString(),
        RunState.Killing killing => killing.Reason.ToString(),
        _ => null,
    };

    private static (string Reason, string? Detail) Words(ExitOutcome outcome) => outcome switch
    {
        ExitOutcome.Exited exited => (nameof(ExitOutcome.Exited), exited.Code.ToString(CultureInfo.InvariantCulture)),
        ExitOutcome.Signalled signalled => (nameof(ExitOutcome.Signalled), signalled.Signal.ToString(CultureInfo.InvariantCulture)),
        ExitOutcome.Ended ended => (ended.Reason.ToString(), null),
        _ => (outcome.GetType().Name, outcome.Message),
    };
}
