using System.Collections.Immutable;
using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>
/// The machine, and a process host that plays along: every effect is answered, in an order and with an outcome that
/// the moves choose. After each step it holds what must always hold.
/// </summary>
internal sealed class SimulatedHub
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SupervisionLimits Limits = new() { MaxRunning = 3, MaxStarting = 2 };

    private static readonly ImmutableArray<App> Apps =
    [
        .. Enumerable.Range(0, 4).Select(index => new App(AppSlug.Parse($"a{index}"), $"App {index}", new AppRuntime.Demo())),
    ];

    private readonly StringBuilder history = new();
    private readonly SortedDictionary<long, SimulatedProcess> processes = [];
    private DateTimeOffset now = Start;
    private bool stopping;
    private int steps;

    public SimulatedHub() => Take(new HubEvent.AppsChanged(Apps));

    public HubState State { get; private set; } = HubState.Create(new RunId(1));

    /// <summary>What happened so far, one line for each event and effect.</summary>
    public string History => history.ToString();

    /// <summary>Plays one move.</summary>
    public void Play(Move move)
    {
        var key = new InstanceKey(Apps[move.Which % Apps.Length].Slug);
        switch (move.Kind)
        {
            case MoveKind.Wait: Wait(TimeSpan.FromSeconds(move.Amount)); break;
            case MoveKind.WaitLong: Wait(TimeSpan.FromMinutes(move.Amount)); break;
            case MoveKind.Visit: Take(new HubEvent.Requested(key)); break;
            case MoveKind.Retry: Take(new HubEvent.RetryRequested(key)); break;
            case MoveKind.Start: Take(new HubEvent.StartRequested(key, "admin")); break;
            case MoveKind.Stop: Take(new HubEvent.StopRequested(key, new Hold("admin"))); break;
            case MoveKind.Restart: Take(new HubEvent.RestartRequested(key, Drain: move.Amount % 3 != 0, Why: null, "admin")); break;
            case MoveKind.Register: Take(new HubEvent.AppsChanged(Apps.RemoveAt(move.Which % Apps.Length))); break;
            case MoveKind.RegisterAll: Take(new HubEvent.AppsChanged(Apps)); break;
            case MoveKind.HubStop: stopping = true; Take(new HubEvent.HubStopping()); break;
            case MoveKind.Stale: Stale(move); break;
            default: PlayOnProcess(move); break;
        }
    }

    /// <summary>No more demand, and every process behaves: everything must end.</summary>
    public void Finish()
    {
        for (var round = 0; round < 100 && processes.Count > 0; round++)
        {
            foreach (var process in processes.Values.ToArray())
            {
                Behave(process);
            }

            Wait(TimeSpan.FromMinutes(31));
        }

        Hold(processes.Count == 0, "everything ends when nobody wants anything");
        Hold(!State.Runs.Any(), "no run is left");
    }

    private void Behave(SimulatedProcess process)
    {
        if (!process.IsLaunched)
        {
            Launch(process);
        }

        while (process.Sessions > 0)
        {
            process.Sessions--;
            Take(new HubEvent.SessionClosed(process.Run));
        }

        if (process.IsKilled || (process.IsTerminated && !process.IsStubborn))
        {
            Exit(process);
        }
        else if (!process.IsTerminated)
        {
            Take(new HubEvent.BecameReady(process.Run));
        }
    }

    private void PlayOnProcess(Move move)
    {
        if (processes.Count == 0)
        {
            return;
        }

        var process = processes.Values.ElementAt(move.Which % processes.Count);
        switch (move.Kind)
        {
            case MoveKind.LaunchFails when !process.IsLaunched:
                processes.Remove(process.Run.Value);
                Take(new HubEvent.LaunchFailed(process.Run, "no such file"));
                break;
            case MoveKind.Launches when !process.IsLaunched:
                process.IsStubborn = move.Amount % 4 == 0;
                Launch(process);
                break;
            case MoveKind.Answers when process.IsLaunched:
                Take(new HubEvent.BecameReady(process.Run));
                break;
            case MoveKind.Crashes when process.IsLaunched:
                Exit(process);
                break;
            case MoveKind.Obeys when process.IsKilled || (process.IsTerminated && !process.IsStubborn):
                Exit(process);
                break;
            case MoveKind.SessionOpens when process.IsLaunched:
                process.Sessions++;
                Take(new HubEvent.SessionOpened(process.Run));
                break;
            case MoveKind.SessionCloses when process.Sessions > 0:
                process.Sessions--;
                Take(new HubEvent.SessionClosed(process.Run));
                break;
            case MoveKind.Used when process.IsLaunched:
                Take(new HubEvent.Used(process.Run, IsPerson: true));
                break;
        }
    }

    private void Wait(TimeSpan time)
    {
        now += time;
        Take(HubEvent.Tick.Instance);
    }

    private void Launch(SimulatedProcess process)
    {
        process.IsLaunched = true;
        var pid = (int)process.Run.Value + 1000;
        Take(new HubEvent.Launched(process.Run, new RunProcess(new ProcessIdentity(pid, pid, "boot"), new AppEndpoint(pid))));
    }

    private void Exit(SimulatedProcess process)
    {
        processes.Remove(process.Run.Value);
        Take(new HubEvent.Exited(process.Run, new ExitOutcome.Exited(1)));
    }

    private void Stale(Move move)
    {
        var run = new RunId(1000 + move.Which);
        var before = State;
        HubEvent stale = (move.Amount % 5) switch
        {
            0 => new HubEvent.Exited(run, new ExitOutcome.Exited(0)),
            1 => new HubEvent.BecameReady(run),
            2 => new HubEvent.LaunchFailed(run, "late"),
            3 => new HubEvent.SessionClosed(run),
            _ => new HubEvent.Launched(run, new RunProcess(new ProcessIdentity(1, 1, "boot"), new AppEndpoint(1))),
        };

        // The time did not move since the last step, so a stale event is all that this step sees.
        Take(stale);
        Hold(ReferenceEquals(State, before), "a stale run changes nothing");
    }

    private void Take(HubEvent @event)
    {
        history.AppendLine($"{now - Start:c} {(@event is HubEvent.AppsChanged { Apps: var apps } ? $"AppsChanged [{string.Join(' ', apps.Select(app => app.Slug))}]" : @event)}");
        var before = State;
        var context = new StepContext(now, 0.5, Limits);
        var step = HubMachine.Step(before, @event, context);
        State = step.State;
        foreach (var effect in step.Effects)
        {
            history.AppendLine($"           -> {effect.GetType().Name} {effect.Run}");
            Obey(effect);
        }

        // Comparing states costs more than making them; every seventh step finds a machine that rolls dice as well.
        if (steps++ % 7 == 0)
        {
            var again = HubMachine.Step(before, @event, context);
            Hold(step.Effects.SequenceEqual(again.Effects) && Describe(step.State) == Describe(again.State), "equal input gives equal output");
        }

        Hold(!stopping || !step.Effects.Any(effect => effect is HubEffect.Launch), "a hub that stops launches nothing");
        Hold(State.NextRun.CompareTo(before.NextRun) >= 0, "run numbers never go back");
        if (@event is HubEvent.Requested { Instance: var key } && before.Find(key) is { Desired: Desired.Held })
        {
            Hold(!step.Effects.Any(effect => effect is HubEffect.Launch launch && launch.Instance == key), "a visit does not start what is held");
            Hold(State.Find(key)?.Desired is Desired.Held, "a visit does not release a hold");
        }

        HoldAlways();
    }

    private void Obey(HubEffect effect)
    {
        var known = processes.GetValueOrDefault(effect.Run.Value);
        switch (effect)
        {
            case HubEffect.Launch:
                Hold(known is null, "a run is launched once");
                processes.Add(effect.Run.Value, new SimulatedProcess(effect.Run));
                break;
            case HubEffect.Probe:
                Hold(known is { IsLaunched: true }, "a living process is probed");
                break;
            case HubEffect.Terminate:
                Hold(known is { IsLaunched: true }, "a living process is asked to end");
                known!.IsTerminated = true;
                break;
            case HubEffect.Kill:
                Hold(known is { IsLaunched: true }, "a living process is killed");
                known!.IsTerminated = known.IsKilled = true;
                break;
        }
    }

    private void HoldAlways()
    {
        var runs = State.Runs.Select(owned => owned.Run).ToArray();
        Hold(runs.Length <= Limits.MaxRunning, "never more than MaxRunning live");
        Hold(runs.Count(run => run.State is RunState.Starting) <= Limits.MaxStarting, "never more than MaxStarting come up");
        Hold(
            runs.Select(run => run.Id.Value).Order().SequenceEqual(processes.Keys),
            "the runs known are those launched whose end was not reported");
        foreach (var instance in State.Instances.Values)
        {
            Hold(instance.Runs.Count(run => run.State is RunState.Ready) <= 1, $"{instance.Key} has one Ready run at most");
            Hold(instance.Runs.Count(run => run.State is RunState.Starting) <= 1, $"{instance.Key} has one Starting run at most");
            Hold(instance.ReadyRun is null or { Process: not null }, $"the Ready run of {instance.Key} has a process");
            Hold(
                instance.Waiting is not (Waiting.Backoff or Waiting.Quarantined) || (instance.ReadyRun ?? instance.StartingRun) is null,
                $"{instance.Key} waits after a failure only when no other run serves");
            Hold(instance.Desired is Desired.On || instance.Waiting is Waiting.Nothing, $"{instance.Key} waits only when it is wanted");
        }
    }

    private static void Hold(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Broken: {rule}.");
        }
    }

    private static string Describe(HubState state) => string.Join(
        '\n',
        state.Instances.Values.Select(instance =>
            $"{instance.Key} {instance.Desired} {instance.Waiting} {instance.Restarts} {string.Join(',', instance.Runs)} {string.Join(',', instance.Failures)}"));
}
