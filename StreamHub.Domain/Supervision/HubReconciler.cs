using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What must follow from the state alone: deadlines that passed, and demand that can be met.</summary>
internal static class HubReconciler
{
    public static HubState Reconcile(HubState state, StepContext context, ImmutableArray<HubEffect>.Builder effects)
    {
        foreach (var instance in state.Instances.Values)
        {
            var next = instance;
            foreach (var run in instance.Runs)
            {
                next = Advance(next, run, context, effects);
            }

            next = Queue(next, context);
            if (next is { IsRemoved: true, Runs.IsEmpty: true })
            {
                state = state with { Instances = state.Instances.Remove(next.Key) };
            }
            else if (!ReferenceEquals(next, instance))
            {
                state = state.With(next);
            }
        }

        return state.IsStopping ? state : Launch(state, context, effects);
    }

    private static Instance Advance(Instance instance, Run run, StepContext context, ImmutableArray<HubEffect>.Builder effects)
    {
        switch (run.State)
        {
            case RunState.Starting starting when starting.Deadline <= context.Now:
                return Kill(instance, run, StopReason.StartTimeout, context, effects);
            case RunState.Stopping stopping when stopping.Deadline <= context.Now:
                return Kill(instance, run, stopping.Reason, context, effects);
            case RunState.Killing killing when killing.Deadline <= context.Now:
                return Kill(instance, run, killing.Reason, context, effects);
            case RunState.Draining draining when draining.Deadline <= context.Now || HasLeft(run, context):
                return HubReducer.Stop(instance, run, StopReason.Drained, context, effects);
            case RunState.Ready when IsIdle(instance, run, context):
                return HubReducer.Stop(instance, run, StopReason.Idle, context, effects) with
                {
                    Desired = Desired.Off.Instance,
                    Waiting = Waiting.Nothing.Instance,
                };
            default:
                return instance;
        }
    }

    // A connection that broke off comes back within seconds; a run that never had one waits for nobody.
    private static bool HasLeft(Run run, StepContext context) =>
        run.Sessions == 0 && (run.LastSession is not { } last || last + context.Limits.ReconnectGrace <= context.Now);

    // A queued restart does not keep an idle run: on a full hub it would wait for the very slot that the run takes.
    private static bool IsIdle(Instance instance, Run run, StepContext context) =>
        instance.IdleStop(run, context.Limits) <= context.Now && instance.StartingRun is null;

    private static Instance Kill(Instance instance, Run run, StopReason reason, StepContext context, ImmutableArray<HubEffect>.Builder effects)
    {
        if (run.Process is { } process)
        {
            effects.Add(new HubEffect.Kill(run.Id, process));
        }

        return instance.With(run with { State = new RunState.Killing(reason, context.Now + context.Limits.KillInterval) });
    }

    /// <summary>An instance that is wanted and has no run to serve it joins the queue, unless it has to wait for something else.</summary>
    private static Instance Queue(Instance instance, StepContext context) => instance switch
    {
        { Waiting: Waiting.Backoff backoff } when backoff.Until <= context.Now =>
            instance with { Waiting = new Waiting.Queued(context.Now) },
        { Desired: Desired.On, Waiting: Waiting.Nothing, ReadyRun: null, StartingRun: null } when !instance.Runs.Any(run => run.IsEnding) =>
            instance with { Waiting = new Waiting.Queued(context.Now) },
        _ => instance,
    };

    private static HubState Launch(HubState state, StepContext context, ImmutableArray<HubEffect>.Builder effects)
    {
        foreach (var instance in state.Queue.ToArray())
        {
            // Strictly in order: who came later waits, even with less to ask for.
            if (Capacity.Lack(state, instance, context) is { } limit)
            {
                return limit == CapacityLimit.Starts ? state : Capacity.MakeRoom(state, context, effects);
            }

            var run = new Run(state.NextRun, new RunState.Starting(context.Now + context.Limits.StartTimeout), context.Now, context.Now);
            effects.Add(new HubEffect.Launch(run.Id, instance.Key, instance.App));
            state = state.With(instance with
            {
                Waiting = Waiting.Nothing.Instance,
                Runs = instance.Runs.Add(run),
                Restarts = instance.LastExit is null && instance.Runs.IsEmpty ? instance.Restarts : instance.Restarts + 1,
            }) with
            { NextRun = new RunId(state.NextRun.Value + 1) };
        }

        return state;
    }
}
