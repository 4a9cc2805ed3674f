using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>A hub that goes and leaves its apps to the next one.</summary>
public sealed class HubLeavingTests
{
    private static readonly App Sales = DrivenHub.App("sales") with { Memory = new MemoryLimits(null, 500 * DrivenHub.Mebibyte) };

    private readonly DrivenHub hub = new(Sales);

    [Fact]
    public void Nothing_ends_and_nothing_begins()
    {
        hub.Run("sales", 1);
        hub.Take(new HubEvent.HubLeaving());
        hub.Effects.Should().BeEmpty();
        hub.Visit("sales");
        hub.Measure(1000, (1, 600));
        hub.Check(1, HungReason.NoAnswer, ends: 0);
        hub.Register();
        hub.Wait(24 * 3600);
        (hub.Status("sales"), hub.Effects.Length).Should().Be((InstanceStatus.Running, 0), "what is due is the next hub's to do");
    }

    [Fact]
    public void What_was_being_launched_is_still_seen_to_run()
    {
        hub.Visit("sales");
        hub.Take(new HubEvent.HubLeaving());
        hub.Launch(1);
        hub.Effects.Should().Equal(new HubEffect.Probe(new RunId(1), DrivenHub.Process(1), Sales, VisitUntil: null));
        hub.Wait(3600);
        hub.Effects.Should().BeEmpty();
    }

    [Fact]
    public void A_hub_that_takes_its_apps_along_goes_on_to_end_them()
    {
        hub.Run("sales", 1);
        hub.Take(new HubEvent.HubStopping());
        hub.Take(new HubEvent.HubLeaving());
        hub.Wait(10);
        hub.Effects.Should().Equal(new HubEffect.Kill(new RunId(1), DrivenHub.Process(1)));
    }
}
