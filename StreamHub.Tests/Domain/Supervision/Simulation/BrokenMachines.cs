using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>Machines that break one rule each, by the rule that finds it.</summary>
internal static class BrokenMachines
{
    private static readonly RunProcess Unregistered = new(new ProcessIdentity(1, 1, ""), new AppEndpoint(1));
    private static readonly WeekHours Never = WeekHours.Of([new HoursWindow(0, 0, 1)]);

    [ThreadStatic]
    private static HubState? last;

    public static IReadOnlyDictionary<string, Func<HubState, HubEvent, StepContext, HubStep>> All { get; } = new Dictionary<string, Func<HubState, HubEvent, StepContext, HubStep>>
    {
        ["never more than MaxRunning live"] = Limited(limits => limits with { MaxRunning = 9 }),
        ["never more than MaxStarting come up"] = Limited(limits => limits with { MaxStarting = 9 }),
        ["everything ends when nobody wants anything, and what is kept runs"] = Limited(limits => limits with { IdleTimeout = TimeSpan.Zero }),
        ["what was used is not stopped for want of use"] = Limited(limits => limits with { IdleTimeout = TimeSpan.FromSeconds(20) }),
        ["what is kept is not stopped for want of use"] = Blind(instance => instance with { App = instance.App with { WarmHours = Never } }),
        ["only what is kept is started ahead of a visit"] = Blind(instance => instance with { App = instance.App with { MinRuns = 1 } }),
        ["a visitor who waits is not overtaken"] = Blind(instance =>
            instance.Waiting is Waiting.Queued queued ? instance with { Waiting = queued with { Since = DateTimeOffset.UnixEpoch + (DateTimeOffset.MaxValue - queued.Since) } } : instance),
        ["people are not sent away to make room"] = Blind(run => run.Sessions == 0 ? run : run with { Sessions = 0, LastSession = null }),
        ["only a living process is probed, asked to end, or killed"] = Blind(run => run.Process is null ? run with { Process = Unregistered } : run),
        ["a Ready run has a process"] = Wrong(run => run.State is RunState.Ready ? run with { Process = null } : run),
        ["an instance has one Ready run at most"] = Wrong(run => run.State is RunState.Draining ? run with { State = new RunState.Ready(run.Created) } : run),
        ["a life leads only further down"] = Wrong(run => run is { State: RunState.Stopping { Reason: StopReason.Hung } } ? run with { State = new RunState.Starting(DateTimeOffset.MaxValue) } : run),
        ["an instance waits after a failure only when no other run serves"] = Wrong(instance =>
            instance is { ReadyRun: not null, Failures.IsEmpty: false } ? instance with { Waiting = new Waiting.Backoff(DateTimeOffset.MaxValue, 1) } : instance),
        ["an instance waits only when it is wanted"] = Wrong(instance =>
            instance.Desired is Desired.Held ? instance with { Waiting = new Waiting.Queued(DateTimeOffset.MaxValue, QueueReason.Demand) } : instance),
        ["only what is wanted runs"] = Wrong(instance => instance.ReadyRun is null ? instance : instance with { Desired = Desired.Off.Instance }),
        ["what drains has a successor that is ready"] = (state, @event, context) => @event is HubEvent.RestartRequested { Drain: true }
            ? After(HubMachine.Step(state, @event, context), run => run.State is RunState.Ready ? run with { State = new RunState.Draining(context.Now, null) } : run)
            : HubMachine.Step(state, @event, context),
        ["nothing is launched under maintenance or while the hub stops"] = Seeing(
            state => state.Maintenance is null ? state : state with { Maintenance = null },
            (state, _, next) => state.Maintenance is null ? next : next with { Maintenance = state.Maintenance }),
        ["a hub that leaves ends nothing"] = Seeing(
            state => state.Phase is HubPhase.Leaving ? state with { Phase = HubPhase.Stopping } : state,
            (state, _, next) => state.Phase is HubPhase.Leaving ? next with { Phase = HubPhase.Leaving } : next),
        ["what is held is started by nobody but an admin"] = Hearing(@event => @event is HubEvent.Requested visit ? new HubEvent.StartRequested(visit.Instance, "kim") : @event),
        ["what is in quarantine is started by nobody but a person"] = Hearing(@event => @event is HubEvent.Requested visit ? new HubEvent.RetryRequested(visit.Instance) : @event),
        ["the runs known are those that were launched and whose end was not reported"] = Hearing(@event => @event is HubEvent.LaunchFailed ? HubEvent.Tick.Instance : @event),
        ["what was ending is not brought back"] = Finding(run => run with { IsEnding = false }),
        ["what served last serves on"] = Finding(run => run with { IsEnding = true }),
        ["what served before that keeps its sessions"] = Hearing(@event => @event is HubEvent.HubStarted { Found.Runs: var found } started
            ? started with { Found = new HubEvent.Adopted([.. found.Select(run => run with { IsReady = run == found.LastOrDefault(other => other.Instance == run.Instance && other is { IsReady: true, IsEnding: false }) })]) }
            : @event),
        ["what an unknown run is said to have done changes nothing"] = (state, @event, context) =>
            HubMachine.Step(state, @event, context) is var step && @event is HubEvent.Used used && state.Owner(used.Run) is null ? step with { State = step.State with { } } : step,
        ["equal input gives an equal state"] = (state, @event, context) =>
            HubMachine.Step(state, @event, context with { Jitter = IsAgain(state) ? 0.9 : 0.1 }),
        ["equal input gives equal effects"] = (state, @event, context) =>
            HubMachine.Step(state, @event, context) is var step && !IsAgain(state) ? step : step with { Effects = [.. step.Effects.Where(effect => effect is not HubEffect.Probe)] },
    };

    /// <summary>Whether a state is asked about for the second time, as the rule of equal input does.</summary>
    private static bool IsAgain(HubState state)
    {
        var isAgain = ReferenceEquals(state, last);
        last = isAgain ? null : state;
        return isAgain;
    }

    private static Func<HubState, HubEvent, StepContext, HubStep> Limited(Func<SupervisionLimits, SupervisionLimits> change) =>
        (state, @event, context) => HubMachine.Step(state, @event, context with { Limits = change(context.Limits) });

    private static Func<HubState, HubEvent, StepContext, HubStep> Hearing(Func<HubEvent, HubEvent> change) =>
        (state, @event, context) => HubMachine.Step(state, change(@event), context);

    private static Func<HubState, HubEvent, StepContext, HubStep> Finding(Func<AdoptedRun, AdoptedRun> change) =>
        Hearing(@event => @event is HubEvent.HubStarted started ? started with { Found = new HubEvent.Adopted([.. started.Found.Runs.Select(change)]) } : @event);

    /// <summary>Sees the instances other than they are.</summary>
    private static Func<HubState, HubEvent, StepContext, HubStep> Blind(Func<Instance, Instance> change) => Seeing(state => Each(state, change), (state, seen, next) => Each(next, instance =>
        (state.Find(instance.Key), seen.Find(instance.Key)) switch
        {
            ({ } true_, { } false_) when ReferenceEquals(instance, false_) => true_,
            ({ } true_, { } false_) => instance with { App = ReferenceEquals(instance.App, false_.App) ? true_.App : instance.App, LastExit = instance.LastExit ?? true_.LastExit },
            _ => instance,
        }));

    /// <summary>Sees the state other than it is; what it did not touch stays as it was.</summary>
    private static Func<HubState, HubEvent, StepContext, HubStep> Seeing(Func<HubState, HubState> change, Func<HubState, HubState, HubState, HubState> restore) => (state, @event, context) =>
    {
        var seen = change(state);
        var step = HubMachine.Step(seen, @event, context);
        return step with { State = ReferenceEquals(step.State, seen) ? state : restore(state, seen, step.State) };
    };

    private static Func<HubState, HubEvent, StepContext, HubStep> Blind(Func<Run, Run> change) => Blind(instance => Each(instance, change));

    /// <summary>Makes something else of the instances than was decided.</summary>
    private static Func<HubState, HubEvent, StepContext, HubStep> Wrong(Func<Instance, Instance> change) =>
        (state, @event, context) => HubMachine.Step(state, @event, context) is var step ? step with { State = Each(step.State, change) } : step;

    private static Func<HubState, HubEvent, StepContext, HubStep> Wrong(Func<Run, Run> change) => Wrong(instance => Each(instance, change));

    private static HubStep After(HubStep step, Func<Run, Run> change) => step with { State = Each(step.State, instance => Each(instance, change)) };

    private static HubState Each(HubState state, Func<Instance, Instance> change) =>
        state.Instances.Select(pair => KeyValuePair.Create(pair.Key, change(pair.Value))).Where(pair => !ReferenceEquals(pair.Value, state.Find(pair.Key))).ToArray() is { Length: > 0 } changed
            ? state with { Instances = state.Instances.SetItems(changed) }
            : state;

    private static Instance Each(Instance instance, Func<Run, Run> change) =>
        instance.Runs.Any(run => !ReferenceEquals(change(run), run)) ? instance with { Runs = [.. instance.Runs.Select(change)] } : instance;
}
