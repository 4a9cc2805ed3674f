using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>What must hold after each step, whatever happened.</summary>
internal sealed class HubRules
{
    private readonly Dictionary<InstanceKey, DateTimeOffset> waiting = [];

    /// <summary>Whether the hub goes and its apps stay.</summary>
    public bool IsLeaving { get; private set; }

    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public static void Hold(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Broken: {rule}.");
        }
    }

    public void Check(HubState before, HubEvent @event, HubStep step, StepContext context)
    {
        IsLeaving = @event switch
        {
            HubEvent.HubStarted or HubEvent.HubStopping => false,
            HubEvent.HubLeaving when before.Phase is HubPhase.Running => true,
            _ => IsLeaving,
        };
        Hold(step.State.NextRun.CompareTo(before.NextRun) >= 0, "run numbers never go back");
        var (alive, starting) = (0, 0);
        foreach (var instance in step.State.Instances.Values)
        {
            alive += instance.Runs.Length;
            starting += instance.StartingRun is null ? 0 : 1;
            var old = before.Find(instance.Key);
            if (!ReferenceEquals(old, instance))
            {
                CheckInstance(instance);
                foreach (var run in instance.Runs)
                {
                    CheckRun(old, instance, run, @event, context);
                }
            }
        }

        Hold(alive <= context.Limits.MaxRunning, "never more than MaxRunning live");
        CheckEffects(before, @event, step, context, starting);
        if (@event is HubEvent.HubStarted started)
        {
            CheckAdoption(started, step);
        }

        NoteWaiting(step.State, context);
    }

    /// <summary>Equal input, equal output.</summary>
    public static void CheckEqual(HubStep step, HubStep again)
    {
        Hold(step.Effects.SequenceEqual(again.Effects), "equal input gives equal effects");
        Hold(
            step.State.Instances.Values.SequenceEqual(again.State.Instances.Values, InstanceContent.Instance) && step.State.NextRun == again.State.NextRun
            && step.State.Maintenance == again.State.Maintenance && step.State.Phase == again.State.Phase,
            "equal input gives an equal state");
    }

    /// <summary>Each change of a status is told once, as it was.</summary>
    public static void CheckHistory(HubState before, HubEvent @event, HubStep step, StepContext context)
    {
        var after = step.State;
        var told = Transition.Between(before, @event, step, context.Now).ToDictionary(transition => transition.Instance);
        foreach (var key in before.Instances.Keys.Union(after.Instances.Keys))
        {
            var from = before.Find(key);
            var to = after.Find(key);
            var (left, right) = (from?.Status ?? InstanceStatus.Stopped, to?.Status ?? InstanceStatus.Stopped);
            var entry = told.GetValueOrDefault(key);
            Hold(entry is null ? left == right || to is null : entry.From == left && entry.To == right, "the history tells each change of a status");
            Hold(ReferenceEquals(entry?.Exit ?? from?.LastExit, to?.LastExit) || from is null || to is null, "the history tells each end of a run");
        }
    }

    private static void CheckInstance(Instance instance)
    {
        var (ready, starting) = (0, 0);
        foreach (var run in instance.Runs)
        {
            ready += run.State is RunState.Ready ? 1 : 0;
            starting += run.State is RunState.Starting ? 1 : 0;
        }

        Hold(ready <= 1, "an instance has one Ready run at most");
        Hold(starting <= 1, "an instance has one Starting run at most");
        Hold(instance.ReadyRun is null or { Process: not null }, "a Ready run has a process");
        Hold(instance.Waiting is not (Waiting.Backoff or Waiting.Quarantined) || ready + starting == 0, "an instance waits after a failure only when no other run serves");
        Hold(instance.Desired is Desired.On || instance.Waiting is Waiting.Nothing, "an instance waits only when it is wanted");
        Hold(instance.Desired is Desired.On || ready + starting == 0, "only what is wanted runs");
    }

    private void CheckRun(Instance? owner, Instance instance, Run run, HubEvent @event, StepContext context)
    {
        var old = owner?.Runs.FirstOrDefault(known => known.Id == run.Id);
        if (ReferenceEquals(old, run))
        {
            return;
        }

        Hold(old is null || Rank(old.State) <= Rank(run.State), "a life leads only further down");
        Hold(!IsLeaving || old is null || old.IsEnding == run.IsEnding, "a hub that leaves ends nothing");
        if (old is null || old.State.GetType() == run.State.GetType())
        {
            return;
        }

        switch (run.State)
        {
            case RunState.Draining:
                Hold(instance.ReadyRun is not null, "what drains has a successor that is ready");
                break;
            case RunState.Stopping { Reason: StopReason.MadeRoom }:
                Hold(old.Sessions == 0 && !(old.LastSession + context.Limits.ReconnectGrace > context.Now), "people are not sent away to make room");
                Hold(old.HadSession || !(old.LastUnderWay + Idleness.PresenceTime > context.Now), "people without sessions are not sent away to make room");
                break;
            case RunState.Stopping { Reason: StopReason.Idle }:
                Hold(!IsWarm(instance, context) || instance.App.Instances == InstanceMode.PerUser, "what is kept is not stopped for want of use");
                Hold(old.LastUsed + (instance.App.IdleTimeout ?? context.Limits.IdleTimeout) <= context.Now, "what was used is not stopped for want of use");
                break;
        }
    }

    private static bool IsWarm(Instance instance, StepContext context) =>
        instance.App.MinRuns > 0 && !instance.IsRemoved && instance.App.WarmHours.Allows(context.Wall, context.Zone);

    private void CheckEffects(HubState before, HubEvent @event, HubStep step, StepContext context, int starting)
    {
        foreach (var effect in step.Effects)
        {
            if (effect is not HubEffect.Launch launch)
            {
                continue;
            }

            Hold(step.State.IsOpen, "nothing is launched under maintenance or while the hub stops");
            Hold(starting <= context.Limits.MaxStarting, "never more than MaxStarting come up");
            var old = before.Find(launch.Instance);
            var instance = step.State.Find(launch.Instance)!;
            var run = instance.Runs.First(known => known.Id == launch.Run);
            Hold(
                old?.Desired is not Desired.Held held || held.Hold.Until <= context.Wall
                || (@event is HubEvent.StartRequested start && start.Instance == launch.Instance) || (@event is HubEvent.RestartRequested restart && restart.Instance == launch.Instance),
                "what is held is started by nobody but an admin");
            Hold(old?.Waiting is not Waiting.Quarantined || @event is HubEvent.RetryRequested or HubEvent.StartRequested or HubEvent.RestartRequested, "what is in quarantine is started by nobody but a person");
            Hold(run.Reason != QueueReason.Warm || (IsWarm(instance, context) && instance.App.Instances == InstanceMode.Shared), "only what is kept is started ahead of a visit");
            Hold(instance.ReadyRun is not null || instance.Runs.All(known => !known.IsEnding), "nothing is launched beside a run of its own that ends, unless another serves");
            CheckOrder(step.State, launch.Instance);
        }
    }

    /// <summary>Who waits longer and could have been started is started first.</summary>
    private void CheckOrder(HubState after, InstanceKey launched)
    {
        var since = waiting.TryGetValue(launched, out var own) ? own : DateTimeOffset.MaxValue;
        foreach (var (other, earlier) in waiting)
        {
            Hold(
                earlier >= since || after.Find(other) is not { } still || !IsWaiting(still) || still.Runs.Any(run => run.IsEnding),
                "a visitor who waits is not overtaken");
        }
    }

    private void NoteWaiting(HubState after, StepContext context)
    {
        foreach (var gone in waiting.Keys.Where(key => after.Find(key) is not { } instance || !IsWaiting(instance)).ToArray())
        {
            waiting.Remove(gone);
        }

        foreach (var instance in after.Instances.Values)
        {
            if (IsWaiting(instance))
            {
                waiting.TryAdd(instance.Key, context.Now);
            }
        }
    }

    /// <summary>Wanted, and nothing serves it or is about to.</summary>
    private static bool IsWaiting(Instance instance) =>
        instance is { Desired: Desired.On, ReadyRun: null, StartingRun: null, Waiting: Waiting.Nothing or Waiting.Queued { Reason: not QueueReason.Warm } };

    private static void CheckAdoption(HubEvent.HubStarted started, HubStep step)
    {
        foreach (var runs in started.Found.Runs.GroupBy(found => found.Instance))
        {
            var mayServe = step.State.IsOpen && step.State.Find(runs.Key) is { } instance && instance.Desired is not Desired.Held;
            var serving = mayServe ? runs.Where(run => run is { IsReady: true, IsEnding: false }).OrderBy(run => run.Run).ToArray() : [];
            foreach (var run in runs)
            {
                var taken = step.State.Find(run.Instance)?.Runs.FirstOrDefault(known => known.Id == run.Run);
                Hold(!run.IsEnding || taken is null or { IsEnding: true }, "what was ending is not brought back");
                Hold(run != serving.LastOrDefault() || taken?.State is RunState.Starting, "what served last serves on");
                Hold(!serving.SkipLast(1).Contains(run) || taken?.State is RunState.Draining, "what served before that keeps its sessions");
                Hold(taken is not null || step.Effects.Any(effect => effect is HubEffect.Kill && effect.Run == run.Run), "what is not taken over is killed");
            }

            Hold(serving.Length == 0 || !step.Effects.Any(effect => effect is HubEffect.Launch launch && launch.Instance == runs.Key), "nothing is launched beside what serves");
        }
    }

    private static int Rank(RunState state) => state switch
    {
        RunState.Starting => 0,
        RunState.Ready => 1,
        RunState.Draining => 2,
        RunState.Stopping => 3,
        _ => 4,
    };
}
