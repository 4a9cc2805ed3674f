using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>The consequences of the state alone: expired deadlines, exceeded limits, and demand that can be met.</summary>
internal static class HubReconciler
{
    public static HubState Reconcile(HubState state, StepContext context, StepDraft draft)
    {
        if (state.Phase is HubPhase.Leaving)
        {
            return state;
        }

        if (state.Maintenance?.IsOver(context.Wall) ?? false)
        {
            draft.Turn(new ChangeCause(TransitionCause.Deadline, null, Transition.Opened));
            state = state with { Maintenance = null };
        }

        foreach (var instance in state.Instances.Values)
        {
            var next = instance;
            foreach (var run in instance.Runs)
            {
                next = Advance(state, next, run, context, draft);
            }

            next = Want(state, next, context, draft);
            if (next is { IsRemoved: true, Runs.IsEmpty: true })
            {
                state = state with { Instances = state.Instances.Remove(next.Key) };
            }
            else if (!ReferenceEquals(next, instance))
            {
                state = state.With(next);
            }
        }

        return state.IsOpen ? Launch(state, context, draft) : state;
    }

    private static Instance Advance(HubState state, Instance instance, Run run, StepContext context, StepDraft draft)
    {
        switch (run.State)
        {
            case RunState.Starting starting when starting.Deadline <= context.Now:
                return Kill(instance, run, StopReason.StartTimeout, TransitionCause.Deadline, context, draft);
            case RunState.Stopping stopping when stopping.Deadline <= context.Now:
                return Kill(instance, run, stopping.Reason, TransitionCause.Deadline, context, draft);
            case RunState.Killing killing when killing.Deadline <= context.Now:
                return Kill(instance, run, killing.Reason, TransitionCause.Deadline, context, draft);
            case RunState.Starting or RunState.Ready or RunState.Draining when Takes(run, context) > instance.App.Memory.Hard:
                return Kill(instance, run, StopReason.Memory, TransitionCause.Memory, context, draft);
            case RunState.Draining draining when draining.Deadline <= context.Now || HasLeft(run, context):
                draft.Name(instance.Key, TransitionCause.Deadline);
                return HubReducer.Stop(instance, run, StopReason.Drained, context, draft);
            case RunState.Ready when run.Keeping is Keeping.Now != Idleness.IsKept(state, instance, context):
                return instance.With(run with { Keeping = run.Keeping is Keeping.Now ? new Keeping.Until(context.Now) : Keeping.Now.Instance });
            case RunState.Ready when run.Hang?.Ends <= context.Now && instance.App.Hung is HungPolicy.Restart:
                draft.Name(instance.Key, TransitionCause.Hung);
                return HubReducer.Stop(instance, run, StopReason.Hung, context, draft);
            case RunState.Ready when IsIdle(instance, run, context):
                draft.Name(instance.Key, TransitionCause.Idle);
                return HubReducer.Stop(instance, run, StopReason.Idle, context, draft) with
                {
                    Desired = Desired.Off.Instance,
                    Waiting = Waiting.Nothing.Instance,
                    RestartWhy = null,
                };
            case RunState.Ready when run.Hang is { Reason: HungReason.NoSession } && MayReplace(instance, context):
                draft.Name(instance.Key, TransitionCause.Hung);
                return instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Hung), RestartWhy = null };
            case RunState.Ready when Takes(run, context) > instance.App.Memory.Soft && IsEmptyMoment(instance, run, context):
                draft.Name(instance.Key, TransitionCause.Memory);
                return instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Memory), RestartWhy = null };
            default:
                return instance;
        }
    }

    private static long? Takes(Run run, StepContext context) =>
        context.Memory?.Runs is { } runs && runs.TryGetValue(run.Id, out var bytes) ? bytes : null;

    // A failed successor is not replaced at once.
    private static bool IsEmptyMoment(Instance instance, Run run, StepContext context) =>
        run.Sessions == 0 && instance.StartingRun is null && instance.Waiting is Waiting.Nothing
        && Idleness.Empty(run, context.Limits) <= context.Now && run.Created + context.Limits.RecycleAge <= context.Now
        && !(instance.LastExit?.At + context.Limits.RecycleAge > context.Now);

    // Sessions stay on the old run until its successor has proved itself; after a failed successor the next one waits for a
    // backoff.
    private static bool MayReplace(Instance instance, StepContext context) =>
        instance is { App.Hung: HungPolicy.Restart, StartingRun: null, Waiting: Waiting.Nothing } && RestartPolicy.NextTry(instance.Failures, context.Now) <= context.Now;

    // A broken connection reconnects within seconds; a run without any session so far needs no grace period. People without sessions are those who
    // asked lately.
    private static bool HasLeft(Run run, StepContext context) =>
        run.Sessions == 0 && !(run.LastSession + context.Limits.ReconnectGrace > context.Now)
        && !(run.LastUnderWay + (run.HadSession ? context.Limits.ReconnectGrace : Idleness.AskedTime) > context.Now);

    // A queued restart does not keep an idle run: on a full hub it would wait for the slot of that very run.
    private static bool IsIdle(Instance instance, Run run, StepContext context) =>
        instance.StartingRun is null && Idleness.Stop(instance, run, context.Limits) <= context.Now;

    private static Instance Kill(Instance instance, Run run, StopReason reason, TransitionCause cause, StepContext context, StepDraft draft)
    {
        draft.Name(instance.Key, cause);
        if (run.Process is { } process)
        {
            draft.Add(new HubEffect.Kill(run.Id, process));
        }

        return instance.With(run with { State = new RunState.Killing(reason, context.Now + context.Limits.KillInterval) });
    }

    /// <summary>Queues an instance that is wanted or kept warm and has no serving run, unless it waits for something else.</summary>
    private static Instance Want(HubState state, Instance instance, StepContext context, StepDraft draft)
    {
        var next = Want(state, instance, context);
        if (!ReferenceEquals(next, instance))
        {
            draft.Name(instance.Key, next.Waiting is Waiting.Queued { Reason: QueueReason.Warm } ? TransitionCause.Warm : TransitionCause.Deadline);
        }

        return next;
    }

    private static Instance Want(HubState state, Instance instance, StepContext context) => instance switch
    {
        { Waiting: Waiting.Backoff backoff } when backoff.Until <= context.Now =>
            instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Retry) },
        { Desired: Desired.Held held } when held.Hold.IsOver(context.Wall) =>
            instance with { Desired = Desired.Off.Instance },
        { Desired: Desired.On, Waiting: Waiting.Nothing, ReadyRun: null, StartingRun: null } =>
            instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Demand) },
        { Desired: Desired.Off, App.Instances: InstanceMode.Shared, Runs.IsEmpty: true } when state.IsOpen && Idleness.IsKept(state, instance, context) =>
            instance with { Desired = Desired.On.Instance, Waiting = new Waiting.Queued(context.Now, QueueReason.Warm) },
        { Waiting: Waiting.Queued { Reason: QueueReason.Warm } } when !Idleness.IsKept(state, instance, context) =>
            instance with { Desired = Desired.Off.Instance, Waiting = Waiting.Nothing.Instance },
        _ => instance,
    };

    private static HubState Launch(HubState state, StepContext context, StepDraft draft)
    {
        // An instance that waits for its own run to exit keeps its place in the queue, and does not block the others.
        foreach (var instance in state.Queue.Where(static instance => !instance.IsClearing).ToArray())
        {
            var reason = ((Waiting.Queued)instance.Waiting).Reason;

            // Strictly in order: later instances wait, even with a smaller need. An instance without demand blocks no other.
            if (Capacity.Lack(state, instance, context) is { } limit)
            {
                return limit == CapacityLimit.Starts || reason == QueueReason.Warm ? Relieve(state, context, draft) : Capacity.MakeRoom(state, context, draft);
            }

            var run = new Run(state.NextRun, new RunState.Starting(context.Now + context.Limits.StartTimeoutOf(instance.App)), context.Now, context.Now) { Reason = reason };
            draft.Name(instance.Key, reason switch
            {
                QueueReason.Schedule => TransitionCause.Schedule,
                QueueReason.Memory => TransitionCause.Memory,
                QueueReason.Hung => TransitionCause.Hung,
                QueueReason.Warm => TransitionCause.Warm,
                _ => TransitionCause.Slot,
            });
            draft.Add(new HubEffect.Launch(run.Id, instance.Key, instance.App));
            state = state.With(instance with
            {
                Waiting = Waiting.Nothing.Instance,
                Runs = instance.Runs.Add(run),
                Restarts = instance.LastExit is null && instance.Runs.IsEmpty ? instance.Restarts : instance.Restarts + 1,
            }) with
            { NextRun = new RunId(state.NextRun.Value + 1) };
        }

        return Relieve(state, context, draft);
    }

    /// <summary>Preserves the machine's memory reserve even with an empty queue, as long as unused runs exist.</summary>
    private static HubState Relieve(HubState state, StepContext context, StepDraft draft) =>
        context.Memory?.Free < context.Limits.MemoryReserve ? Capacity.MakeRoom(state, context, draft) : state;
}
