using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>A change of an instance's state: one entry of its history.</summary>
/// <param name="Run">The run that it is about; null when it is about none.</param>
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

        // The last run of a removed app takes its instance along.
        foreach (var gone in before.Instances.Values.Where(instance => after.Find(instance.Key) is null && !instance.Runs.IsEmpty))
        {
            found.Add(Of(gone, new Instance(gone.Key, gone.App), step.CauseOf(gone.Key), at));
        }

        return found.ToImmutable();
    }

    // A hold is told again when it says something else, a place in the queue when it is for something else.
    private static bool IsSame(Instance old, Instance now) =>
        old.Status == now.Status && old.Desired == now.Desired && Kind(old.Waiting) == Kind(now.Waiting) && old.Runs.Select(Kind).SequenceEqual(now.Runs.Select(Kind));

    private static (Type, QueueReason?) Kind(Waiting waiting) => (waiting.GetType(), (waiting as Waiting.Queued)?.Reason);

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
        ExitOutcome.Ended ended => (ended.Reason.ToString(), null),
        _ => (outcome.GetType().Name, outcome.Message),
    };
}
