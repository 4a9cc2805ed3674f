using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Life;

/// <summary>Every state in which an instance and its runs can be, each reached as it is reached in life. The instance is <c>sales</c>.</summary>
internal static class LifeStates
{
    public static readonly App Sales = DrivenHub.App("sales") with { Memory = new MemoryLimits(500 * DrivenHub.Mebibyte, 900 * DrivenHub.Mebibyte) };
    public static readonly App Other = DrivenHub.App("other");

    public static IReadOnlyList<(string Name, Func<DrivenHub> Reach)> All { get; } =
    [
        ("no hub yet", () => new DrivenHub()),
        ("not registered", () => new DrivenHub(Other)),
        ("off", () => New()),
        ("queued for a visit", () => Full(hub => hub.Visit("sales"))),
        ("queued for a retry", () => New(hub =>
        {
            hub.Limits = hub.Limits with { MaxRunning = 1 };
            hub.Run("sales", 1);
            hub.Exit(1);
            hub.Run("other", 2, sessions: 1);
            hub.Wait(1);
        })),
        ("queued to be warm", () => Full(hub => hub.Register(Sales with { MinRuns = 1 }, Other))),
        ("starting, not launched", () => New(hub => hub.Visit("sales"))),
        ("starting", () => New(hub =>
        {
            hub.Visit("sales");
            hub.Launch(1);
        })),
        ("ready", () => New(hub => hub.Run("sales", 1))),
        ("ready with a session", () => New(hub => hub.Run("sales", 1, sessions: 1))),
        ("ready, kept warm", () => New(hub =>
        {
            hub.Register(Sales with { MinRuns = 1 }, Other);
            hub.Ready(1);
        })),
        ("ready, no answer, shown", () => Shown(HungReason.NoAnswer)),
        ("ready, no session, shown", () => Shown(HungReason.NoSession)),
        ("ready, no answer", () => New(hub => Hang(hub, HungReason.NoAnswer, ends: 20))),
        ("ready, busy", () => New(hub => Hang(hub, HungReason.Busy, ends: 300))),
        ("ready, silent", () => New(hub => Hang(hub, HungReason.Silent, ends: null))),
        ("ready, queued to restart", () => Busy(hub => hub.Restart("sales", why: "new figures"))),
        ("ready, queued by schedule", () => Busy(hub => hub.Take(new HubEvent.RestartDue(Sales.Slug)))),
        ("ready, queued for memory", () => Busy(hub =>
        {
            hub.Measure(4000, (1, 600));
            hub.Wait(1);
        })),
        ("ready, queued as hung", () => Busy(hub => hub.Check(1, HungReason.NoSession))),
        ("ready beside starting", () => New(hub =>
        {
            hub.Run("sales", 1, sessions: 1);
            hub.Restart("sales");
            hub.Launch(2);
        })),
        ("draining beside ready", Draining),
        ("draining, ready, starting", () => Draining(hub =>
        {
            hub.Restart("sales");
            hub.Launch(3);
        })),
        ("stopping beside ready", () => Draining(hub =>
        {
            hub.Close(1);
            hub.Wait(30);
        })),
        ("draining, backoff", () => Draining(hub => hub.Exit(2))),
        ("stopping, off", () => New(Idle)),
        ("stopping, wanted again", () => New(hub =>
        {
            Idle(hub);
            hub.Visit("sales");
        })),
        ("stopping, held", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Stop("sales");
        })),
        ("stopping, not launched", () => New(hub =>
        {
            hub.Visit("sales");
            hub.Stop("sales");
        })),
        ("killing", () => New(hub =>
        {
            hub.Visit("sales");
            hub.Launch(1);
            hub.Wait(60);
        })),
        ("killing, not launched", () => New(hub =>
        {
            hub.Visit("sales");
            hub.Wait(60);
        })),
        ("backoff", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Exit(1);
        })),
        ("quarantined", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Exit(1);
            hub.Wait(1);
            hub.Launch(2);
            hub.Exit(2);
        })),
        ("held", () => New(hub => hub.Stop("sales"))),
        ("held for a minute", () => New(hub => hub.Stop("sales", new Hold("lee", Until: hub.Now.AddMinutes(1))))),
        ("removed, stopping", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Register(Other);
        })),
        ("maintenance", () => New(hub => hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee"))))),
        ("maintenance for a minute", () => New(hub => hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee", Until: hub.Now.AddMinutes(1)))))),
        ("maintenance, stopping", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee")));
        })),
        ("hub stopping", () => New(hub => hub.Take(new HubEvent.HubStopping()))),
        ("hub stopping, stopping", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Take(new HubEvent.HubStopping());
        })),
        ("hub leaving, starting", () => New(hub =>
        {
            hub.Visit("sales");
            hub.Take(new HubEvent.HubLeaving());
        })),
        ("hub leaving, ready", () => New(hub =>
        {
            hub.Run("sales", 1);
            hub.Take(new HubEvent.HubLeaving());
        })),
    ];

    private static DrivenHub New(Action<DrivenHub>? reach = null)
    {
        var hub = new DrivenHub(Sales, Other);
        reach?.Invoke(hub);
        return hub;
    }

    /// <summary>The only slot is taken by people.</summary>
    private static DrivenHub Full(Action<DrivenHub> reach) => New(hub =>
    {
        hub.Limits = hub.Limits with { MaxRunning = 1 };
        hub.Run("other", 1, sessions: 1);
        reach(hub);
    });

    /// <summary>It is ready for long, and the only start that is allowed at once is under way.</summary>
    private static DrivenHub Busy(Action<DrivenHub> reach) => New(hub =>
    {
        hub.Limits = hub.Limits with { MaxStarting = 1 };
        hub.Run("sales", 1);
        hub.Wait(600);
        hub.Visit("other");
        reach(hub);
    });

    private static DrivenHub Shown(HungReason reason) => New(hub =>
    {
        hub.Register(Sales with { Hung = HungPolicy.Show }, Other);
        Hang(hub, reason, ends: null);
    });

    private static void Hang(DrivenHub hub, HungReason reason, double? ends)
    {
        hub.Run("sales", 1);
        hub.Check(1, reason, ends);
    }

    private static DrivenHub Draining() => Draining(_ => { });

    private static DrivenHub Draining(Action<DrivenHub> reach) => New(hub =>
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales");
        hub.Ready(2);
        reach(hub);
    });

    private static void Idle(DrivenHub hub)
    {
        hub.Run("sales", 1);
        hub.Wait(1800);
    }
}
