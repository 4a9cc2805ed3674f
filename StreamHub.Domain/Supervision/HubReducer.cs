using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>The direct changes of one event, before reconciliation.</summary>
internal static class HubReducer
{
    /// <summary>The share of a start's remaining time that a test visit may take.</summary>
    private const double VisitShare = 0.75;

    public static HubState Reduce(HubState state, HubEvent @event, StepContext context, StepDraft draft)
    {
        EventCause.Name(@event, draft);
        return Apply(state, @event, context, draft);
    }

    private static HubState Apply(HubState state, HubEvent @event, StepContext context, StepDraft draft) =>
        @event switch
        {
            HubEvent.HubStarted started => Rejoin(new HubEvent[] { started.Apps, started.Holds, started.Found }.Aggregate(state, (next, part) => Apply(next, part, context, draft)), started.Line, context),
            HubEvent.AppsChanged or HubEvent.Checked when state.Phase is HubPhase.Leaving => state,
            HubEvent.AppsChanged changed => Register(state, changed.Apps, context, draft),
            HubEvent.Adopted adopted => HubAdoption.Adopt(state, adopted.Runs, context, draft),
            HubEvent.HoldsRestored restored => Restore(state, restored, context, draft),
            HubEvent.Requested requested when state.IsOpen => OnInstance(state, requested.Instance, instance => Demand.Visit(instance, context)),
            HubEvent.RetryRequested retry when state.IsOpen => OnInstance(state, retry.Instance, instance => Demand.Retry(instance, context)),
            HubEvent.StartRequested start when state.IsOpen => OnInstance(state, start.Instance, instance => Demand.Admin(instance, context)),
            HubEvent.RestartRequested restart when state.IsOpen => OnInstance(state, restart.Instance, instance => Restart(instance, restart, context, draft)),
            HubEvent.RestartDue due when state.IsOpen => Renew(state, due.App, context, draft),
            HubEvent.Requested or HubEvent.RetryRequested or HubEvent.StartRequested or HubEvent.RestartRequested or HubEvent.RestartDue => state,
            HubEvent.StopRequested stop => OnInstance(state, stop.Instance, instance => Hold(instance, stop.Hold, context, draft)),
            HubEvent.MaintenanceBegun begun when state.Phase is HubPhase.Running => StopAll(state, StopReason.Maintenance, context, draft) with { Maintenance = begun.Hold },
            HubEvent.MaintenanceBegun => state,
            HubEvent.MaintenanceEnded => state with { Maintenance = null },
            HubEvent.Launched launched => OnRun(state, launched.Run, (instance, run) => Launched(instance, run, launched.Process, context, draft)),
            HubEvent.LaunchFailed failed => OnRun(state, failed.Run, (instance, run) => End(instance, run, new ExitOutcome.NotLaunched(failed.Message, failed.IsShortage), ExitOutput.None, context, draft)),
            HubEvent.BecameReady ready => OnRun(state, ready.Run, (instance, run) => BecomeReady(instance, run, context, draft)),
            HubEvent.Exited exited => OnRun(state, exited.Run, (instance, run) => End(instance, run, exited.Outcome, exited.Output, context, draft)),
            HubEvent.SessionOpened opened => OnRun(state, opened.Run, (instance, run) => instance.With(Open(run, opened.IsReturning, context))),
            HubEvent.SessionClosed closed => OnRun(state, closed.Run, (instance, run) => instance.With(run with { Sessions = Math.Max(0, run.Sessions - 1), LastSession = context.Now })),
            HubEvent.Used used => OnRun(state, used.Run, (instance, run) => instance.With(Use(run, used, context))),
            HubEvent.Checked check => OnRun(state, check.Run, (instance, run) => Check(instance, run, check.Hang, draft)),
            HubEvent.HubStopping => StopAll(state, StopReason.HubStopped, context, draft) with { Phase = HubPhase.Stopping },
            HubEvent.HubLeaving when state.Phase is HubPhase.Running => state with { Phase = HubPhase.Leaving },
            HubEvent.HubLeaving => state,
            HubEvent.Tick => state,
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "Unknown event."),
        };

    // Distinct instants, because the queue is ordered by time.
    private static HubState Rejoin(HubState state, ImmutableArray<InstanceKey> line, StepContext context) => !state.IsOpen ? state : line.Reverse().Index().Aggregate(
        state,
        (next, waiter) => OnInstance(next, waiter.Item, instance => instance is { Desired: Desired.Off, Runs.IsEmpty: true }
            ? instance with { Desired = Desired.On.Instance, Waiting = new Waiting.Queued(context.Now - TimeSpan.FromTicks(waiter.Index), QueueReason.Demand) }
            : instance));

    /// <summary>Moves a run to Stopping, unless it is already ending, and asks its process to end.</summary>
    public static Instance Stop(Instance instance, Run run, StopReason reason, StepContext context, StepDraft draft)
    {
        if (run.IsEnding)
        {
            return instance;
        }

        if (run.Process is { } process)
        {
            draft.Add(new HubEffect.Terminate(run.Id, process));
        }

        return instance.With(run with { State = new RunState.Stopping(reason, context.Now + context.Limits.StopGrace) });
    }

    private static HubState Register(HubState state, ImmutableArray<App> apps, StepContext context, StepDraft draft)
    {
        var registered = apps.ToDictionary(app => app.Slug);
        foreach (var instance in state.Instances.Values)
        {
            // An instance of a mode that the app no longer has serves no user.
            state = registered.TryGetValue(instance.Key.App, out var app)
                && instance.Key.User is null == (app.Instances == InstanceMode.Shared)
                ? state.With(instance with { App = app, IsRemoved = false })
                : state.With(StopRuns(instance, StopReason.Removed, context, draft) with
                {
                    Desired = Desired.Off.Instance,
                    Waiting = Waiting.Nothing.Instance,
                    IsRemoved = true,
                });
        }

        foreach (var app in apps.Where(app => app.Instances == InstanceMode.Shared))
        {
            var key = new InstanceKey(app.Slug);
            if (state.Find(key) is null)
            {
                state = state.With(new Instance(key, app));
            }
        }

        return state with { Apps = registered.ToImmutableDictionary() };
    }

    // A hold that expired without a running hub is not restored: it would end runs that started since.
    private static HubState Restore(HubState state, HubEvent.HoldsRestored restored, StepContext context, StepDraft draft) =>
        restored.Holds.Where(hold => !hold.Value.IsOver(context.Wall)).Aggregate(
            state with { Maintenance = restored.Maintenance is { } hold && !hold.IsOver(context.Wall) ? hold : null },
            (next, hold) => OnInstance(next, hold.Key, instance => Hold(instance, hold.Value, context, draft)));

    private static Instance Hold(Instance instance, Hold hold, StepContext context, StepDraft draft) =>
        StopRuns(instance, StopReason.Stopped, context, draft) with
        {
            Desired = new Desired.Held(hold),
            Waiting = Waiting.Nothing.Instance,
            RestartWhy = null,
        };

    private static Instance Restart(Instance instance, HubEvent.RestartRequested restart, StepContext context, StepDraft draft)
    {
        instance = Demand.Admin(instance, context) with { RestartWhy = restart.Why };
        return (restart.Drain, instance.ReadyRun) switch
        {
            (true, not null) when instance.StartingRun is null => instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Restart) },
            (true, _) => instance,

            // A queued instance stays in the queue.
            (false, null) => StopRuns(instance, StopReason.Restarted, context, draft),
            _ => StopRuns(instance, StopReason.Restarted, context, draft) with { Waiting = Waiting.Nothing.Instance },
        };
    }

    /// <summary>A schedule replaces the serving run, and never starts a stopped instance.</summary>
    private static HubState Renew(HubState state, AppSlug app, StepContext context, StepDraft draft)
    {
        foreach (var instance in state.Instances.Values.Where(instance => instance.Key.App == app && instance is { ReadyRun: not null, StartingRun: null, Waiting: Waiting.Nothing }))
        {
            draft.Name(instance.Key, TransitionCause.Schedule);
            state = state.With(instance with { Waiting = new Waiting.Queued(context.Now, QueueReason.Schedule), RestartWhy = null });
        }

        return state;
    }

    /// <summary>The reconciler ends or replaces the run when the time for it has come.</summary>
    private static Instance Check(Instance instance, Run run, RunHang? found, StepDraft draft)
    {
        if (run.State is not RunState.Ready || run.Hang == found)
        {
            return instance;
        }

        draft.Name(instance.Key, found is null ? TransitionCause.Process : TransitionCause.Hung);
        run = run with { Hang = found };
        instance = instance.With(run);
        return !run.IsUnresponsive && instance.Waiting is Waiting.Queued { Reason: QueueReason.Hung }
            ? instance with { Waiting = Waiting.Nothing.Instance }
            : instance;
    }

    private static Instance Launched(Instance instance, Run run, RunProcess process, StepContext context, StepDraft draft)
    {
        if (run.Process is not null)
        {
            return instance;
        }

        // The probe also watches, so that the exit of a run that was stopped during its launch is detected.
        draft.Add(new HubEffect.Probe(run.Id, process, instance.App, VisitUntil(instance, run, context)));
        switch (run.State)
        {
            case RunState.Stopping:
                draft.Add(new HubEffect.Terminate(run.Id, process));
                break;
            case RunState.Killing:
                draft.Add(new HubEffect.Kill(run.Id, process));
                break;
        }

        return instance.With(run with { Process = process, Launched = context.Now });
    }

    /// <summary>A replacement without waiting visitors proves itself, as long as its start has time for it.</summary>
    private static DateTimeOffset? VisitUntil(Instance instance, Run run, StepContext context) =>
        instance is { ReadyRun: not null, App.Checks: CheckPolicy.On } && run.State is RunState.Starting starting ? context.Now + ((starting.Deadline - context.Now) * VisitShare) : null;

    private static Instance BecomeReady(Instance instance, Run run, StepContext context, StepDraft draft)
    {
        // A run without a known process has no endpoint for requests.
        if (run.State is not RunState.Starting || run.Process is null)
        {
            return instance;
        }

        draft.Name(instance.Key, TransitionCause.Process);
        if (instance.ReadyRun is { } older)
        {
            var draining = new RunState.Draining(context.Now + context.Limits.DrainTimeout, instance.RestartWhy);
            draft.Add(new HubEffect.Drain(older.Id, draining.Deadline, draining.Why));
            instance = instance.With(older with { Hang = null, IsReplaced = true, State = draining });
        }

        return instance.With(run with { State = new RunState.Ready(context.Now), LastUsed = context.Now, Why = instance.RestartWhy }) with { RestartWhy = null };
    }

    private static Instance End(Instance instance, Run run, ExitOutcome outcome, ExitOutput output, StepContext context, StepDraft draft)
    {
        var how = run.State switch
        {
            RunState.Stopping stopping => new ExitOutcome.Ended(stopping.Reason),
            RunState.Killing { Reason: StopReason.StartTimeout } => new ExitOutcome.Ended(StopReason.StartTimeout, context.Limits.StartTimeoutOf(instance.App)),
            RunState.Killing killing => new ExitOutcome.Ended(killing.Reason),
            _ => outcome,
        };
        var exit = new RunExit(run.Id, context.Now, context.Now - (run.Launched ?? run.Created), how)
        {
            Output = how is ExitOutcome.Ended { Reason: StopReason.StartTimeout } ? Late(output, context.Limits.StartTimeoutOf(instance.App)) : output,
        };
        draft.Name(instance.Key, exit.IsFailure ? TransitionCause.Crash : TransitionCause.Process);
        instance = instance with { Runs = instance.Runs.Remove(run), LastExit = exit };
        if (!exit.IsFailure || run.IsReplaced)
        {
            return instance;
        }

        // Only the last exit is displayed; earlier ones only count.
        var recent = RestartPolicy.Recent(instance.Failures, context.Now).Add(exit with { Output = ExitOutput.None });

        // A serving or starting run needs no successor; a backoff beside it would cause a second start.
        var replaced = (instance.ReadyRun ?? instance.StartingRun) is not null;
        return instance with
        {
            Failures = recent,
            Waiting = instance.Desired is Desired.On && !replaced
                ? RestartPolicy.Decide(recent, context.Now, context.Jitter)
                : Waiting.Nothing.Instance,
        };
    }

    /// <summary>A run that was too slow: names the limit where nothing else is known.</summary>
    private static ExitOutput Late(ExitOutput output, TimeSpan limit) =>
        (output.Fault ?? new StartFault(StartFault.Cause.Slow)) is var fault && fault.Kind is StartFault.Cause.Slow or StartFault.Cause.Mute
            ? output with { Fault = fault with { Detail = Duration.Format(limit) } }
            : output;

    private static Run Open(Run run, bool isReturning, StepContext context) =>
        run with { Sessions = run.Sessions + 1, HadSession = true, LastSession = context.Now, LastUsed = isReturning ? run.LastUsed : context.Now };

    private static Run Use(Run run, HubEvent.Used used, StepContext context) => run with
    {
        LastUsed = context.Now,
        LastActed = used.IsPerson ? context.Now : run.LastActed,
        LastUnderWay = used.IsUnderWay ? context.Now : run.LastUnderWay,
    };

    private static HubState StopAll(HubState state, StopReason reason, StepContext context, StepDraft draft)
    {
        foreach (var instance in state.Instances.Values)
        {
            state = state.With(StopRuns(instance, reason, context, draft) with
            {
                Desired = instance.Desired is Desired.On ? Desired.Off.Instance : instance.Desired,
                Waiting = Waiting.Nothing.Instance,
                RestartWhy = null,
            });
        }

        return state;
    }

    private static Instance StopRuns(Instance instance, StopReason reason, StepContext context, StepDraft draft) =>
        instance.Runs.Aggregate(instance, (next, run) => Stop(next, run, reason, context, draft));

    private static HubState OnInstance(HubState state, InstanceKey key, Func<Instance, Instance> change) =>
        state.Phase is HubPhase.Running && Ensure(state, key) is { } known && known.Find(key) is { IsRemoved: false } instance
            ? known.With(change(instance))
            : state;

    private static HubState OnRun(HubState state, RunId id, Func<Instance, Run, Instance> change) =>
        state.Owner(id) is { } instance
            ? state.With(change(instance, instance.Runs.First(run => run.Id == id)))
            : state;

    /// <summary>The state with the instance added; null when no registered app has such an instance.</summary>
    internal static HubState? Ensure(HubState state, InstanceKey key)
    {
        if (state.Find(key) is not null)
        {
            return state;
        }

        return state.Apps.TryGetValue(key.App, out var app) && key.User is null == (app.Instances == InstanceMode.Shared)
            ? state.With(new Instance(key, app))
            : null;
    }
}
