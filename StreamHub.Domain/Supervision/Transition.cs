using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>A change of an instance's state: one entry of its history.</summary>
/// <param name="Run">The affected run; null for none.</param>
/// <param name="To">The state after; unchanged where only one of two runs moved.</param>
/// <param name="By">The admin; null for another cause.</param>
/// <param name="Reason">The name of the <see cref="StopReason"/> or of the <see cref="ExitOutcome"/>'s case; null for none.</param>
/// <param name="Detail">The detail of the reason: exit code, signal number, message, or the admin's message.</param>
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
    /// <summary>The reason at the end of maintenance.</summary>
    public const string Opened = "Opened";

    /// <summary>The exit of a run, if this is one.</summary>
    public RunExit? Exit { get; private init; }

    /// <summary>The changes of a step, by instance.</summary>
    public static ImmutableArray<Transition> Between(HubState before, HubEvent @event, HubStep step, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(step);
        var after = step.State;
        var turn = before.Maintenance == after.Maintenance ? null : step.MaintenanceCause;
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
                found.Add(Of(old, now, step.CauseOf(now.Key), at));
            }
            else if (turn is not null)
            {
                found.Add(new Transition(at, now.Key, null, old.Status, now.Status, turn.Kind, turn.By, turn.Reason, turn.Detail));
            }
        }

        // A removed app's instance is removed with its last run.
        foreach (var gone in before.Instances.Values.Where(instance => after.Find(instance.Key) is null && !instance.Runs.IsEmpty))
        {
            found.Add(Of(gone, new Instance(gone.Key, gone.App), step.CauseOf(gone.Key), at));
        }

        return found.ToImmutable();
    }

    // A hold is recorded again when its text changes, a queue entry when its reason changes.
    private static bool IsSame(Instance old, Instance now) =>
        old.Status == now.Status && old.Desired == now.Desired && Kind(old.Waiting) == Kind(now.Waiting) && old.Runs.Select(Kind).SequenceEqual(now.Runs.Select(Kind));

    private static (Type, QueueReason?) Kind(Waiting waiting) => (waiting.GetType(), (waiting as Waiting.Queued)?.Reason);

    private static (RunId, Type) Kind(Run run) => (run.Id, run.State.GetType());

    /// <summary>A serving run that was not asked to end counts as crashed. Its exit time is unknown: at the latest, the time of detection.</summary>
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
            ? new RunExit(run.Run, at, at > run.Created ? at - run.Created : TimeSpan.Zero, new ExitOutcome.Vanished()) { Output = run.Output }
            : null,
    };

    private static Transition Of(Instance old, Instance now, ChangeCause? cause, DateTimeOffset at)
    {
        Debug.Assert(cause is not null, "Each rule that moves an instance names the cause.");
        var exit = ReferenceEquals(old.LastExit, now.LastExit) ? null : now.LastExit;
        var moved = now.Runs.LastOrDefault(run => !old.Runs.Any(known => Kind(known) == Kind(run))) ?? old.Runs.FirstOrDefault(run => now.Runs.All(left => left.Id != run.Id));
        var (reason, detail) = exit is not null ? Words(exit.Outcome) : (Stop(moved), null);
        return new Transition(
            at, now.Key, exit?.Run ?? moved?.Id, old.Status, now.Status, cause?.Kind ?? TransitionCause.Deadline, cause?.By, reason ?? cause?.Reason, detail ?? cause?.Detail) { Exit = exit };
    }

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
        ExitOutcome.Ended ended => (ended.Reason.ToString(), ended.Limit is { } limit ? Duration.Format(limit) : null),
        _ => (outcome.GetType().Name, outcome.Message),
    };
}
