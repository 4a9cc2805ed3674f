using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>Makes events of moves: a move whose turn it is not does nothing.</summary>
internal sealed class MovePlayer(SimulatedHub hub)
{
    /// <summary>Plays moves, then waits until all has ended that nobody wants.</summary>
    public void Play(IEnumerable<Move> moves)
    {
        hub.Begin();
        foreach (var move in moves)
        {
            Play(move);
        }

        hub.Finish();
    }

    private void Play(Move move)
    {
        var key = SimulatedWorld.Keys[move.Which % SimulatedWorld.Keys.Length];
        switch (move.Kind)
        {
            case MoveKind.Wait: hub.Wait(TimeSpan.FromSeconds(move.Amount)); break;
            case MoveKind.WaitLong: hub.Wait(TimeSpan.FromMinutes(move.Which % 2 == 0 ? move.Amount : move.Amount * move.Amount)); break;
            case MoveKind.Sleep:
                hub.World.Sleep(TimeSpan.FromMinutes(move.Amount * move.Amount));
                hub.Take(HubEvent.Tick.Instance);
                break;
            case MoveKind.Visit: hub.Take(new HubEvent.Requested(key)); break;
            case MoveKind.Retry: hub.Take(new HubEvent.RetryRequested(key)); break;
            case MoveKind.Start: hub.Take(new HubEvent.StartRequested(key, "kim")); break;
            case MoveKind.Stop: hub.Take(new HubEvent.StopRequested(key, Held(move))); break;
            case MoveKind.Restart: hub.Take(new HubEvent.RestartRequested(key, Drain: move.Amount % 3 != 0, Why: null, "kim")); break;
            case MoveKind.Due: hub.Take(new HubEvent.RestartDue(key.App)); break;
            case MoveKind.Register: hub.Register(SimulatedWorld.Changed(hub.Apps, move)); break;
            case MoveKind.RegisterAll: hub.Register(SimulatedWorld.Apps); break;
            case MoveKind.MaintenanceBegins: hub.Take(new HubEvent.MaintenanceBegun(Held(move))); break;
            case MoveKind.MaintenanceEnds: hub.Take(new HubEvent.MaintenanceEnded("kim")); break;
            case MoveKind.HubStops: hub.Take(new HubEvent.HubStopping()); break;
            case MoveKind.HubLeaves: hub.Take(new HubEvent.HubLeaving()); break;
            case MoveKind.HubStarts: Restart(move); break;
            case MoveKind.Stale: hub.TakeStale(Stale(move)); break;
            default: PlayOnProcess(move); break;
        }
    }

    private void PlayOnProcess(Move move)
    {
        var able = hub.Processes.Count(process => Can(process, move.Kind));
        if (able == 0)
        {
            return;
        }

        var process = hub.Processes.Where(process => Can(process, move.Kind)).ElementAt(move.Which % able);
        switch (move.Kind)
        {
            case MoveKind.LaunchFails:
                hub.Fail(process);
                break;
            case MoveKind.Launches:
                process.IsStubborn = move.Amount % 4 == 0;
                hub.Launch(process);
                break;
            case MoveKind.Answers:
                hub.Answer(process);
                break;
            case MoveKind.Crashes or MoveKind.Obeys:
                hub.Exit(process);
                break;
            case MoveKind.SessionOpens:
                process.Sessions++;
                hub.Take(new HubEvent.SessionOpened(process.Run));
                break;
            case MoveKind.SessionCloses:
                hub.Leave(process);
                break;
            case MoveKind.Used:
                hub.Take(new HubEvent.Used(process.Run, IsPerson: move.Amount % 2 == 0, IsUnderWay: move.Amount % 3 == 0));
                break;
            case MoveKind.IsFound:
                hub.Take(new HubEvent.Checked(process.Run, Found(move.Amount)));
                break;
            default:
                hub.World.Measure(process, move.Amount);
                hub.Take(HubEvent.Tick.Instance);
                break;
        }
    }

    private static bool Can(SimulatedProcess process, MoveKind kind) => kind switch
    {
        MoveKind.LaunchFails or MoveKind.Launches => !process.IsLaunched,
        MoveKind.Answers => process is { IsLaunched: true, HasAnswered: false },
        MoveKind.Obeys => process.Obeys,
        MoveKind.SessionOpens or MoveKind.IsFound => process.HasAnswered,
        MoveKind.SessionCloses => process.Sessions > 0,
        _ => process.IsLaunched,
    };

    private RunHang? Found(int amount) => (amount % 5) switch
    {
        0 => null,
        1 => new RunHang(HungReason.NoAnswer, hub.World.Now, hub.World.Now),
        2 => new RunHang(HungReason.NoSession, hub.World.Now),
        3 => new RunHang(HungReason.Busy, hub.World.Now, hub.World.Now.AddSeconds(amount)),
        _ => new RunHang(HungReason.Silent, hub.World.Now),
    };

    private Hold Held(Move move) => new("kim", null, move.Amount % 2 == 0 ? null : hub.World.Wall.AddMinutes(move.Amount));

    /// <summary>The hub dies, and the next one finds what it wrote down; what was just about to be launched may be alive or not.</summary>
    private void Restart(Move move)
    {
        foreach (var process in hub.Processes)
        {
            process.IsLaunched |= move.Amount % 2 == 0;
        }

        hub.Begin();
    }

    private static HubEvent Stale(Move move)
    {
        var run = new RunId(1000 + move.Which);
        return (move.Amount % 7) switch
        {
            0 => new HubEvent.Launched(run, new RunProcess(new ProcessIdentity(1, 1, "boot"), new AppEndpoint(1))),
            1 => new HubEvent.BecameReady(run),
            2 => new HubEvent.Exited(run, new ExitOutcome.Exited(1)),
            3 => new HubEvent.LaunchFailed(run, "stale"),
            4 => new HubEvent.Checked(run, new RunHang(HungReason.NoAnswer, default, default(DateTimeOffset))),
            5 => new HubEvent.Used(run, IsPerson: true),
            _ => new HubEvent.SessionOpened(run),
        };
    }
}
