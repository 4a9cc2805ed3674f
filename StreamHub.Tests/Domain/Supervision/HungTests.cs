using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What is done about a run that no longer does its work.</summary>
public sealed class HungTests
{
    private static readonly App Sales = DrivenHub.App("sales");

    private readonly DrivenHub hub = new(Sales);

    /// <param name="first">Its status at once.</param>
    /// <param name="then">60 s later.</param>
    [Theory]
    [InlineData(HungPolicy.Restart, HungReason.NoAnswer, InstanceStatus.Hung, InstanceStatus.Restarting)]
    [InlineData(HungPolicy.Restart, HungReason.Busy, InstanceStatus.Running, InstanceStatus.Restarting)]
    [InlineData(HungPolicy.Restart, HungReason.NoSession, InstanceStatus.Restarting, InstanceStatus.Restarting)]
    [InlineData(HungPolicy.Restart, HungReason.Silent, InstanceStatus.Running, InstanceStatus.Running)]
    [InlineData(HungPolicy.Show, HungReason.NoAnswer, InstanceStatus.Hung, InstanceStatus.Hung)]
    [InlineData(HungPolicy.Show, HungReason.Busy, InstanceStatus.Running, InstanceStatus.Running)]
    [InlineData(HungPolicy.Show, HungReason.NoSession, InstanceStatus.Hung, InstanceStatus.Hung)]
    [InlineData(HungPolicy.Show, HungReason.Silent, InstanceStatus.Running, InstanceStatus.Running)]
    public void A_run_that_does_not_do_its_work_is_shown_replaced_or_ended(HungPolicy policy, HungReason reason, InstanceStatus first, InstanceStatus then)
    {
        hub.Register(Sales with { Hung = policy });
        hub.Run("sales", 1, sessions: 1);
        hub.Now += TimeSpan.FromSeconds(9);
        hub.Check(1, reason, ends: reason is HungReason.NoAnswer or HungReason.Busy ? 60 : null);
        hub.Status("sales").Should().Be(first);
        hub.Find("sales").Runs[0].Hang!.Since.Should().Be(DrivenHub.Begin.AddSeconds(9));
        hub.Wait(59);
        hub.Status("sales").Should().Be(first);
        hub.Wait(1);
        hub.Status("sales").Should().Be(then);
    }

    [Fact]
    public void What_answers_in_time_is_not_ended()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.Busy, ends: 60);
        hub.Wait(59);
        hub.Check(1, null);
        hub.Wait(60);
        (hub.Status("sales"), hub.Effects.Length).Should().Be((InstanceStatus.Running, 0));
    }

    [Fact]
    public void What_does_not_answer_is_ended_and_started_again_after_a_pause()
    {
        hub.Run("sales", 1);
        hub.Check(1, HungReason.NoAnswer, ends: 0);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(1), DrivenHub.Process(1)));
        hub.Exit(1);
        (hub.Status("sales"), hub.Find("sales").LastExit!.Outcome).Should().Be((InstanceStatus.Backoff, new ExitOutcome.Ended(StopReason.Hung)));
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void What_opens_no_session_serves_on_until_another_shows_that_it_can_and_drains_well()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoSession);
        hub.Launch(2);
        hub.Effects.Should().Equal(new HubEffect.Probe(new RunId(2), DrivenHub.Process(2), Sales, VisitUntil: hub.Now.AddSeconds(45)));
        hub.Take(new HubEvent.BecameReady(new RunId(2)));
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        hub.Find("sales").Runs[0].Should().Match<Run>(run => run.State is RunState.Draining && run.Hang == null);
    }

    [Fact]
    public void A_run_that_finds_its_way_is_well_and_its_successor_is_given_up_unless_it_is_on_its_way()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoSession);
        hub.Find("sales").Waiting.Should().Be(new Waiting.Queued(hub.Now, QueueReason.Hung));
        hub.Check(1, null);
        (hub.Status("sales"), hub.Find("sales").Waiting, hub.Find("sales").ReadyRun!.Hang).Should().Be((InstanceStatus.Running, Waiting.Nothing.Instance, (RunHang?)null));

        hub.Limits = new SupervisionLimits();
        hub.Check(1, HungReason.NoSession);
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
        hub.Check(1, HungReason.NoSession);
        hub.Check(1, null);
        (hub.Find("sales").Waiting, hub.Find("sales").RestartWhy).Should().Be((new Waiting.Queued(DrivenHub.Begin, QueueReason.Restart), "new figures"));
    }

    [Fact]
    public void People_are_not_told_what_an_earlier_restart_was_for()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales", why: "new figures");
        hub.Exit(2);
        hub.Check(1, HungReason.NoSession);
        hub.Wait(1);
        hub.Find("sales").RestartWhy.Should().BeNull();
    }

    [Fact]
    public void A_successor_that_fails_is_followed_by_the_next_after_ever_longer_pauses_and_by_five_in_ten_minutes()
    {
        hub.Limits = new SupervisionLimits { IdleTimeout = TimeSpan.Zero };
        hub.Run("sales", 1, sessions: 1);
        hub.Check(1, HungReason.NoSession);
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
        hub.Check(1, HungReason.NoSession);
        hub.Exit(2);
        hub.Check(1, null);
        hub.Wait(60);
        (hub.Status("sales"), hub.Effects.Length).Should().Be((InstanceStatus.Running, 0));
    }

    [Fact]
    public void A_successor_of_an_app_without_test_visits_is_ready_when_it_answers()
    {
        hub.Register(Sales with { Checks = CheckPolicy.Off });
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales");
        hub.Launch(2);
        hub.Effects.Should().Equal(new HubEffect.Probe(new RunId(2), DrivenHub.Process(2), hub.Find("sales").App, VisitUntil: null));
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
