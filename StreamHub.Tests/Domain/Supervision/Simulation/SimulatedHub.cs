using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>
/// The machine, and a process host that plays along: every effect is answered, in an order and with an outcome that
/// the moves choose. After each step it holds what must always hold.
/// </summary>
/// <param name="rule">What decides: the machine, or one that is broken on purpose.</param>
/// <param name="history">Is told what happened, one line for each event and effect; null for nobody.</param>
internal sealed class SimulatedHub(Func<HubState, HubEvent, StepContext, HubStep> rule, TextWriter? history = null)
{
    private static readonly SupervisionLimits Limits = new() { MaxRunning = 3, MaxStarting = 2 };

    private readonly HubRules rules = new();
    private readonly SortedDictionary<long, SimulatedProcess> processes = [];
    private HubEvent.HoldsRestored writtenHolds = new(ImmutableDictionary<InstanceKey, Hold>.Empty, null);
    private HubState state = HubState.Create(new RunId(1));

    public SimulatedWorld World { get; } = new();

    /// <summary>The registered apps.</summary>
    public ImmutableArray<App> Apps { get; private set; } = SimulatedWorld.Apps;

    /// <summary>What was launched and has not ended, by run.</summary>
    public IEnumerable<SimulatedProcess> Processes => processes.Values;

    /// <summary>No more demand, memory enough, and every process behaves: everything must end but what is kept, and that must run.</summary>
    public void Finish()
    {
        World.Forget();
        if (rules.IsLeaving)
        {
            Begin();
        }

        for (var round = 0; round < 12 && !IsAtRest(); round++)
        {
            // What the end of one makes room for does not wait for the next round.
            while (processes.Values.FirstOrDefault(IsDue) is { } process)
            {
                Behave(process);
            }

            Wait(TimeSpan.FromMinutes(31));
        }

        HubRules.Hold(IsAtRest(), "everything ends when nobody wants anything, and what is kept runs");
    }

    public void Register(ImmutableArray<App> apps)
    {
        Apps = apps;
        Take(new HubEvent.AppsChanged(apps));
    }

    public void Wait(TimeSpan time)
    {
        World.Pass(time);
        Take(HubEvent.Tick.Instance);
    }

    public void Launch(SimulatedProcess process)
    {
        process.IsLaunched = true;
        Take(new HubEvent.Launched(process.Run, process.Process));
    }

    public void Answer(SimulatedProcess process)
    {
        process.Answer();
        Take(new HubEvent.BecameReady(process.Run));
    }

    public void Leave(SimulatedProcess process)
    {
        process.Sessions--;
        Take(new HubEvent.SessionClosed(process.Run));
    }

    public void Fail(SimulatedProcess process)
    {
        processes.Remove(process.Run.Value);
        Take(new HubEvent.LaunchFailed(process.Run, "no such file"));
    }

    public void Exit(SimulatedProcess process)
    {
        processes.Remove(process.Run.Value);
        Take(new HubEvent.Exited(process.Run, new ExitOutcome.Exited(1)));
    }

    /// <summary>A hub begins, the first or one after another that died, and finds what that one wrote down.</summary>
    public void Begin()
    {
        foreach (var process in processes.Values.ToArray())
        {
            process.LoseHub();
            if (!process.IsLaunched)
            {
                processes.Remove(process.Run.Value);
            }
        }

        state = HubState.Create(state.NextRun);
        World.Forget();
        Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged(Apps),
            writtenHolds,
            new HubEvent.Adopted([.. processes.Values.Select(process => process.Found)])));

        // What belongs to no app was killed, and nobody waits for news of it.
        foreach (var process in processes.Values.Where(process => process.IsKilled && state.Owner(process.Run) is null).ToArray())
        {
            processes.Remove(process.Run.Value);
        }

        HoldKnown();
    }

    /// <summary>What is said of a run that the hub does not know, or not any more.</summary>
    public void TakeStale(HubEvent stale)
    {
        history?.WriteLine($"{World.Passed} {stale}");
        var step = rule(state, stale, World.Context(Limits));
        HubRules.Hold(ReferenceEquals(step.State, state) && step.Effects.IsEmpty, "what an unknown run is said to have done changes nothing");
    }

    public void Take(HubEvent @event)
    {
        World.Pass(TimeSpan.FromMilliseconds(1));
        history?.WriteLine($"{World.Passed} {SimulatedWorld.Tell(@event)}");
        var context = World.Context(Limits);
        var before = state;
        var step = rule(before, @event, context);
        state = step.State;
        foreach (var effect in step.Effects)
        {
            history?.WriteLine($"    -> {effect.GetType().Name} {effect.Run}{(effect is HubEffect.Launch launch ? $" of {launch.Instance}" : "")}");
            Obey(effect);
        }

        if (@event is HubEvent.StartRequested or HubEvent.StopRequested or HubEvent.RestartRequested or HubEvent.MaintenanceBegun or HubEvent.MaintenanceEnded)
        {
            WriteHolds();
        }

        rules.Check(before, @event, step, context);
        if (@event is not HubEvent.HubStarted)
        {
            HoldKnown();
        }

        // Comparing states costs as much as making them; every eighth step finds a machine that rolls dice as well.
        if (before.Instances.Count > 0 && (World.Now.Ticks / TimeSpan.TicksPerMillisecond) % 8 == 0)
        {
            HubRules.CheckEqual(step, rule(before, @event, context));
            HubRules.CheckHistory(before, @event, step, context);
        }
    }

    /// <summary>Whether nothing would move any more.</summary>
    private bool IsAtRest()
    {
        var kept = 0;
        foreach (var instance in state.Instances.Values)
        {
            var app = instance.App;
            var isKept = state.IsOpen && app.MinRuns > 0 && !instance.IsRemoved && World.Allows(app.WarmHours);
            var isFine = instance switch
            {
                { Runs: [{ State: RunState.Ready }], Waiting: Waiting.Nothing } => isKept,
                { Runs: [], Waiting: Waiting.Quarantined } => true,
                { Runs: [], Waiting: Waiting.Queued { Reason: QueueReason.Warm } } => isKept && processes.Count == Limits.MaxRunning,
                { Runs: [], Waiting: Waiting.Nothing } => !isKept || app.Instances == InstanceMode.PerUser || instance.Desired is Desired.Held,
                _ => false,
            };
            if (!isFine)
            {
                return false;
            }

            kept += app.Instances == InstanceMode.PerUser ? instance.Runs.Length : 0;
        }

        return kept <= Apps.Sum(static app => app.MinRuns);
    }

    private bool IsDue(SimulatedProcess process) => !process.IsLaunched || process.Sessions > 0 || process.Obeys || IsStarting(process);

    private bool IsStarting(SimulatedProcess process) => state.Owner(process.Run)?.StartingRun?.Id == process.Run;

    private void Behave(SimulatedProcess process)
    {
        if (!process.IsLaunched)
        {
            Launch(process);
        }
        else if (process.Sessions > 0)
        {
            Leave(process);
        }
        else if (process.Obeys)
        {
            Exit(process);
        }
        else
        {
            Answer(process);
        }
    }

    /// <summary>What is held is written down when an admin acts, and not when it is over.</summary>
    private void WriteHolds() => writtenHolds = new HubEvent.HoldsRestored(
        state.Instances.Values.Where(instance => instance.Desired is Desired.Held)
            .ToImmutableDictionary(instance => instance.Key, instance => ((Desired.Held)instance.Desired).Hold),
        state.Maintenance);

    private void Obey(HubEffect effect)
    {
        var known = processes.GetValueOrDefault(effect.Run.Value);
        if (effect is HubEffect.Launch launch)
        {
            HubRules.Hold(known is null, "a run is launched once");
            processes.Add(effect.Run.Value, new SimulatedProcess(effect.Run, launch.Instance, World.Now));
            return;
        }

        HubRules.Hold(known is { IsLaunched: true }, "only a living process is probed, asked to end, or killed");
        known!.IsTerminated |= effect is HubEffect.Terminate or HubEffect.Kill;
        known.IsKilled |= effect is HubEffect.Kill;
    }

    private void HoldKnown()
    {
        var known = 0;
        foreach (var instance in state.Instances.Values)
        {
            foreach (var run in instance.Runs)
            {
                known += processes.ContainsKey(run.Id.Value) ? 1 : 1000;
            }
        }

        HubRules.Hold(known == processes.Count, "the runs known are those that were launched and whose end was not reported");
    }
}
