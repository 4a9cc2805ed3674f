using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Starts that fail for what the hub or its machine lacks.</summary>
public sealed class ShortageTests
{
    private readonly DrivenHub hub = new(DrivenHub.App("sales"));

    [Fact]
    public void However_often_the_hub_lacks_something_the_app_is_tried_again_after_ever_longer_pauses()
    {
        hub.Visit("sales");
        for (var run = 1; run <= 20; run++)
        {
            hub.Take(new HubEvent.LaunchFailed(new RunId(run), "no room on the disk", IsShortage: true));
            hub.Find("sales").Waiting.Should().BeOfType<Waiting.Backoff>().Which.Attempt.Should().BeGreaterThanOrEqualTo(Math.Min(run, 5));
            hub.Find("sales").LastExit!.Outcome.Should().Be(new ExitOutcome.NotLaunched("no room on the disk", IsShortage: true));
            hub.Wait(60);
        }

        hub.Ready(21);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
    }

    [Fact]
    public void What_the_app_is_to_blame_for_counts_all_the_same_with_shortages_between()
    {
        hub.Visit("sales");
        hub.Take(new HubEvent.LaunchFailed(new RunId(1), "no such file"));
        hub.Wait(60);
        hub.Take(new HubEvent.LaunchFailed(new RunId(2), "no port", IsShortage: true));
        hub.Wait(60);
        hub.Take(new HubEvent.LaunchFailed(new RunId(3), "no such file"));
        hub.Find("sales").Waiting.Should().BeOfType<Waiting.Quarantined>().Which.Reason.Should().Be(QuarantineReason.ConfigurationError);
    }
}
