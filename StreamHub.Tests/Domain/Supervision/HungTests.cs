using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What is done about a run that no longer does its work.</summary>
public sealed class HungTests
{
    private static readonly App Sales = DrivenHub.App("sales");

    private readonly DrivenHub hub = new(Sales);

    [Theory]
    [InlineData(HungPolicy.Restart, HungReason.NoAnswer, InstanceStatus.Restarting)]
    [InlineData(HungPolicy.Restart, HungReason.NoScript, InstanceStatus.Restarting)]
    [InlineData(HungPolicy.Show, HungReason.NoAnswer, InstanceStatus.Hung)]
    [InlineData(HungPolicy.Show, HungReason.NoScript, InstanceStatus.Hung)]
    public void A_hung_run_is_replaced_or_shown(HungPolicy policy, HungReason reason, InstanceStatus status)
    {
        hub.Register(Sales with { Hung = policy });
        hub.Run("sales", 1, sessions: 1);
        hub.Now += TimeSpan.FromSeconds(9);
        hub.Check(1, reason);
        hub.Status("sales").Should().Be(status);
        hub.Find("sales").Runs[0].Hang.Should().Be(new RunHang(reason, DrivenHub.Begin.AddSeconds(9)));
    }

    [Fact]
    public void What_does_not_answer_is_ended_and_started_again_after_a_pause()
    {
        hub.Run("sales", 1);
        hub.Check(1, HungReason.NoAnswer);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(1), DrivenHub.Process(1)));
        hub.Exit(1);
        (hub.Status("sales"), hub.Find("sales").LastExit!.Outcome).Should().Be((InstanceStatus.Backoff, new ExitOutcome.Ended(StopReason.Hung)));
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void What_finishes_no_script_serves_on_until_another_shows_that_it_can_and_drains_well()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoScript);
        hub.Launch(2);
        hub.Effects.Should().Equal(new HubEffect.Probe(new RunId(2), DrivenHub.Process(2), Sales, IsThorough: true));
        hub.Take(new HubEvent.BecameReady(new RunId(2)));
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        hub.Find("sales").Runs[0].Should().Match<Run>(run => run.State is RunState.Draining && run.Hang == null);
    }

    [Fact]
    public void A_run_that_finds_its_way_is_well_and_its_successor_is_given_up_unless_it_is_on_its_way()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoScript);
        hub.Find("sales").Waiting.Should().Be(new Waiting.Queued(hub.Now, QueueReason.Hung));
        hub.Check(1, null);
        (hub.Status("sales"), hub.Find("sales").Waiting, hub.Find("sales").ReadyRun!.Hang).Should().Be((InstanceStatus.Running, Waiting.Nothing.Instance, (RunHang?)null));

        hub.Limits = new SupervisionLimits();
        hub.Check(1, HungReason.NoScript);
        hub.Check(1, null);
        hub.Status("sales").Should().Be(InstanceStatus.Restarting, "it has been launched");
    }

    [Fact]
    public void A_restart_that_waits_already_is_not_put_last_in_line_and_outlasts_the_recovery()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales", why: "new figures");
        hub.Now += TimeSpan.FromSeconds(5);
        hub.Check(1, HungReason.NoScript);
        hub.Check(1, null);
        (hub.Find("sales").Waiting, hub.Find("sales").RestartWhy).Should().Be((new Waiting.Queued(DrivenHub.Begin, QueueReason.Restart), "new figures"));
    }

    [Fact]
    public void People_are_not_told_what_an_earlier_restart_was_for()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales", why: "new figures");
        hub.Exit(2);
        hub.Check(1, HungReason.NoScript);
        hub.Wait(1);
        hub.Find("sales").RestartWhy.Should().BeNull();
    }

    [Fact]
    public void A_successor_that_fails_is_followed_by_the_next_after_ever_longer_pauses_and_by_five_in_ten_minutes()
    {
        hub.Limits = new SupervisionLimits { IdleTimeout = TimeSpan.Zero };
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoScript);
        foreach (var (run, pause) in new[] { (2, 1), (3, 2), (4, 4), (5, 8), (6, 600 - 15) })
        {
            hub.Find("sales").StartingRun!.Should().Match<Run>(successor => successor.Id.Value == run && successor.Reason == QueueReason.Hung);
            hub.Take(new HubEvent.Exited(new RunId(run), new ExitOutcome.Refused("it runs no script")));
            hub.Status("sales").Should().Be(InstanceStatus.Hung, "its sessions stay");
            hub.Wait(pause - 0.5);
            hub.Effects.Should().BeEmpty();
            hub.Wait(0.5);
        }

        hub.Ready(7);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
    }

    [Fact]
    public void A_run_that_finds_its_way_after_a_failed_successor_is_left_alone()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoScript);
        hub.Exit(2);
        hub.Check(1, null);
        hub.Wait(60);
        (hub.Status("sales"), hub.Effects.Length).Should().Be((InstanceStatus.Running, 0));
    }

    [Fact]
    public void It_is_told_from_when_it_was_noticed_first_and_anew_when_it_gets_worse()
    {
        hub.Register(Sales with { Hung = HungPolicy.Show });
        hub.Run("sales", 1);
        hub.Check(1, HungReason.NoScript);
        hub.Now += TimeSpan.FromSeconds(5);
        hub.Check(1, HungReason.NoScript);
        hub.Find("sales").ReadyRun!.Hang.Should().Be(new RunHang(HungReason.NoScript, DrivenHub.Begin));
        hub.Check(1, HungReason.NoAnswer);
        hub.Find("sales").ReadyRun!.Hang.Should().Be(new RunHang(HungReason.NoAnswer, DrivenHub.Begin.AddSeconds(5)));
    }

    [Fact]
    public void Only_what_is_ready_hangs()
    {
        hub.Visit("sales");
        hub.Launch(1);
        hub.Check(1, HungReason.NoAnswer);
        (hub.Find("sales").Runs[0].Hang, hub.Effects.Length).Should().Be(((RunHang?)null, 0), "a start has its own time");
    }
}
