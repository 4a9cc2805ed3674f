using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>How long a start may take.</summary>
public sealed class StartTimeoutTests
{
    private static readonly App Sales = DrivenHub.App("sales");

    private readonly DrivenHub hub = new(Sales) { Limits = new SupervisionLimits { StartTimeout = TimeSpan.FromSeconds(60) } };

    [Theory]
    [InlineData(null, 60)]
    [InlineData(180, 180)]
    [InlineData(5, 5)]
    public void An_app_has_its_own_time_or_the_hubs(int? own, int limit)
    {
        hub.Register(Sales with { StartTimeout = own is { } seconds ? TimeSpan.FromSeconds(seconds) : null });
        hub.Visit("sales");
        hub.Launch(1);

        hub.Wait(limit - 1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Kill(new RunId(1), DrivenHub.Process(1)));
        hub.Exit(1);

        hub.Find("sales").LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.StartTimeout, TimeSpan.FromSeconds(limit)));
        hub.Find("sales").LastExit!.Output.Fault!.Detail.Should().Be(Duration.Format(TimeSpan.FromSeconds(limit)), "visitors and admins are told the app's own limit");
        hub.Told[^1].Should().EndWith($"StartTimeout {Duration.Format(TimeSpan.FromSeconds(limit))}", "the history names the limit");
    }

    [Fact]
    public void An_adopted_run_has_the_time_of_its_app()
    {
        var adopting = new DrivenHub { Limits = hub.Limits };
        adopting.Register(Sales with { StartTimeout = TimeSpan.FromSeconds(180) });
        adopting.Take(new HubEvent.Adopted([new AdoptedRun(DrivenHub.Key("sales"), new RunId(7), DrivenHub.Process(7), DrivenHub.Begin, IsReady: false, IsEnding: false)]));

        adopting.Wait(179);
        adopting.Find("sales").StartingRun.Should().NotBeNull();
        adopting.Wait(1);
        adopting.Effects.Should().Equal(new HubEffect.Kill(new RunId(7), DrivenHub.Process(7)));
    }

    [Fact]
    public void A_changed_working_directory_is_another_run_and_a_changed_time_is_not()
    {
        Sales.RunsLike(Sales with { StartTimeout = TimeSpan.FromSeconds(9) }).Should().BeTrue();
        Sales.RunsLike(Sales with { WorkingDirectory = "/srv" }).Should().BeFalse();
    }
}
