using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Restarts by the clock: what serves is replaced, and nothing is started.</summary>
public sealed class ScheduleTests
{
    private readonly DrivenHub hub = new(DrivenHub.App("sales") with { Instances = InstanceMode.PerUser }, DrivenHub.App("other"));

    [Fact]
    public void Each_ready_instance_of_the_app_gets_a_fresh_run_and_nothing_else_happens()
    {
        hub.Run("sales@kim", 1, sessions: 1);
        hub.Run("sales@lee", 2);
        hub.Visit("sales@may");
        hub.Run("other", 4);
        hub.Stop("sales@lee");
        hub.Exit(2);
        Due();
        hub.Effects.OfType<HubEffect.Launch>().Select(launch => launch.Instance.ToString()).Should().Equal("sales@kim");
        hub.State.Runs.Select(owned => (owned.Instance.Key.ToString(), owned.Run.Id.Value)).Should().Equal(("other", 4), ("sales@kim", 1), ("sales@kim", 5), ("sales@may", 3));
        hub.Find("sales@kim").StartingRun!.Reason.Should().Be(QueueReason.Schedule);

        hub.Ready(5);
        hub.Find("sales@kim").Runs[0].State.Should().BeOfType<RunState.Draining>("open sessions stay for the drain time");
    }

    [Fact]
    public void What_is_replaced_already_is_not_replaced_twice()
    {
        hub.Run("sales@kim", 1);
        hub.Restart("sales@kim", why: "new figures");
        Due();
        (hub.Effects.Length, hub.Find("sales@kim").RestartWhy).Should().Be((0, "new figures"));
    }

    [Fact]
    public void What_waits_to_be_replaced_keeps_its_place_and_its_reason()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales@kim", 1, sessions: 1);
        hub.Restart("sales@kim", why: "new figures");
        hub.Now += TimeSpan.FromSeconds(1);
        Due();
        (hub.Find("sales@kim").Waiting, hub.Find("sales@kim").RestartWhy).Should().Be((new Waiting.Queued(DrivenHub.Begin, QueueReason.Restart), "new figures"));
    }

    [Fact]
    public void A_night_says_nothing_to_the_people_of_what_an_earlier_restart_was_for()
    {
        hub.Run("sales@kim", 1);
        hub.Restart("sales@kim", why: "new figures");
        hub.Exit(2);
        Due();
        hub.Find("sales@kim").RestartWhy.Should().BeNull();
    }

    private void Due() => hub.Take(new HubEvent.RestartDue(AppSlug.Parse("sales")));
}
