using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Life;

/// <summary>Everything that can happen to the instance <c>sales</c>: the events, and time and memory as a tick meets them.</summary>
internal static class LifeEvents
{
    private static readonly InstanceKey Key = new(LifeStates.Sales.Slug);
    private static readonly Hold Hold = new("lee");

    /// <summary>What can happen to a hub, with a name; some of it only to one that begins.</summary>
    public static IEnumerable<(string Name, Action<DrivenHub> Play)> Of(DrivenHub hub) =>
        hub.State.Apps.IsEmpty ? Begins : [Start("nothing alive"), .. Fleet, .. Runs(hub).SelectMany(OnRun), .. Times];

    private static IEnumerable<(string Name, Action<DrivenHub> Play)> Begins =>
    [
        Start("nothing alive"),
        Start("it alive, ready", Found(7, isReady: true)),
        Start("it alive, not ready", Found(7)),
        Start("it alive, ending", Found(7, isReady: true, isEnding: true)),
        Start("two alive, ready", Found(6, isReady: true), Found(7, isReady: true)),
        Start("two alive, one ready", Found(6, isReady: true), Found(7)),
        Start("two alive, none ready", Found(6), Found(7)),
        ("HubStarted, held, it alive", hub => hub.Take(Started([LifeStates.Sales], new(NoHolds.Add(Key, Hold), null), Found(7, isReady: true)))),
        ("HubStarted, maintenance, it alive", hub => hub.Take(Started([LifeStates.Sales], new(NoHolds, Hold), Found(7, isReady: true)))),
        ("HubStarted, not registered, it alive", hub => hub.Take(Started([LifeStates.Other], new(NoHolds, null), Found(7, isReady: true)))),
    ];

    private static IEnumerable<(string Name, Action<DrivenHub> Play)> Times =>
    [
        Simple(HubEvent.Tick.Instance),
        ("Tick, 11 s later", hub => hub.Wait(11)),
        ("Tick, 61 s later", hub => hub.Wait(61)),
        ("Tick, 31 min later", hub => hub.Wait(1860)),
        ("Tick, 11 min later, above soft", hub => Grow(hub, 600, 660)),
        ("Tick, above hard", hub => Grow(hub, 1000, 0)),
    ];

    private static ImmutableDictionary<InstanceKey, Hold> NoHolds => ImmutableDictionary<InstanceKey, Hold>.Empty;

    private static IEnumerable<(string Name, Action<DrivenHub> Play)> Fleet =>
    [
        ("AppsChanged", hub => hub.Take(new HubEvent.AppsChanged([.. hub.State.Apps.Values]))),
        ("AppsChanged without it", hub => hub.Register(LifeStates.Other)),
        ("AppsChanged with it for each user", hub => hub.Register(LifeStates.Sales with { Instances = InstanceMode.PerUser }, LifeStates.Other)),
        ("AppsChanged with it kept warm", hub => hub.Register(LifeStates.Sales with { MinRuns = 1 }, LifeStates.Other)),
        ("Adopted, ready", hub => hub.Take(new HubEvent.Adopted([Found(9, isReady: true)]))),
        ("HoldsRestored, held", hub => hub.Take(new HubEvent.HoldsRestored(NoHolds.Add(Key, Hold), hub.State.Maintenance))),
        ("HoldsRestored, maintenance", hub => hub.Take(new HubEvent.HoldsRestored(NoHolds, Hold))),
        Simple(new HubEvent.Requested(Key)),
        Simple(new HubEvent.RetryRequested(Key)),
        Simple(new HubEvent.StartRequested(Key, "kim")),
        Simple(new HubEvent.StopRequested(Key, Hold)),
        ("RestartRequested, drain", hub => hub.Restart("sales")),
        ("RestartRequested, at once", hub => hub.Restart("sales", drain: false)),
        Simple(new HubEvent.RestartDue(Key.App)),
        Simple(new HubEvent.MaintenanceBegun(Hold)),
        Simple(new HubEvent.MaintenanceEnded("kim")),
        Simple(new HubEvent.HubStopping()),
        Simple(new HubEvent.HubLeaving()),
    ];

    /// <summary>The living runs; where there is none, one that is over.</summary>
    private static IEnumerable<RunId> Runs(DrivenHub hub) =>
        hub.State.Find(Key) is { Runs: { IsEmpty: false } runs } ? runs.Select(run => run.Id) : [new RunId(99)];

    private static IEnumerable<(string Name, Action<DrivenHub> Play)> OnRun(RunId run) =>
        new (string Name, HubEvent Event)[]
        {
            ("Launched", new HubEvent.Launched(run, DrivenHub.Process(run.Value))),
            ("LaunchFailed", new HubEvent.LaunchFailed(run, "no such file")),
            ("BecameReady", new HubEvent.BecameReady(run)),
            ("Exited", new HubEvent.Exited(run, new ExitOutcome.Exited(1))),
            ("SessionOpened", new HubEvent.SessionOpened(run)),
            ("SessionClosed", new HubEvent.SessionClosed(run)),
            ("Used", new HubEvent.Used(run, IsPerson: true)),
            ("Checked, no answer", new HubEvent.Checked(run, new RunHang(HungReason.NoAnswer, DrivenHub.Begin, DrivenHub.Begin.AddMinutes(20)))),
            ("Checked, no answer any more", new HubEvent.Checked(run, new RunHang(HungReason.NoAnswer, DrivenHub.Begin, DrivenHub.Begin))),
            ("Checked, busy", new HubEvent.Checked(run, new RunHang(HungReason.Busy, DrivenHub.Begin, DrivenHub.Begin.AddMinutes(20)))),
            ("Checked, no session", new HubEvent.Checked(run, new RunHang(HungReason.NoSession, DrivenHub.Begin))),
            ("Checked, silent", new HubEvent.Checked(run, new RunHang(HungReason.Silent, DrivenHub.Begin))),
            ("Checked, well", new HubEvent.Checked(run, null)),
        }.Select(named => ($"{named.Name} #{run.Value}", (Action<DrivenHub>)(hub => hub.Take(named.Event))));

    private static (string Name, Action<DrivenHub> Play) Simple(HubEvent @event) => (@event.GetType().Name, hub => hub.Take(@event));

    private static (string Name, Action<DrivenHub> Play) Start(string found, params ImmutableArray<AdoptedRun> runs) =>
        ($"HubStarted, {found}", hub => hub.Take(Started(hub.State.Apps.IsEmpty ? [LifeStates.Sales] : [.. hub.State.Apps.Values], new(NoHolds, null), runs)));

    private static HubEvent.HubStarted Started(ImmutableArray<App> apps, HubEvent.HoldsRestored holds, params ImmutableArray<AdoptedRun> found) =>
        new(new HubEvent.AppsChanged(apps), holds, new HubEvent.Adopted(found));

    private static AdoptedRun Found(long run, bool isReady = false, bool isEnding = false) =>
        new(Key, new RunId(run), DrivenHub.Process(run), DrivenHub.Begin, isReady, isEnding);

    private static void Grow(DrivenHub hub, long taken, double seconds)
    {
        hub.Measure(4000, [.. Runs(hub).Select(run => (run.Value, taken))]);
        hub.Wait(seconds);
    }
}
