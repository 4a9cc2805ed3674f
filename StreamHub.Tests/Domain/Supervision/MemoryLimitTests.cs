using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What becomes of a run that takes more memory than it should (500 MiB) or may (900 MiB).</summary>
public sealed class MemoryLimitTests
{
    private static readonly App Sales = DrivenHub.App("sales") with
    {
        Memory = new MemoryLimits(500 * DrivenHub.Mebibyte, 900 * DrivenHub.Mebibyte),
        IdleTimeout = TimeSpan.Zero,
    };

    private readonly DrivenHub hub = new(Sales);

    /// <summary>Age of the run, seconds since its use, its sessions, seconds since the last of them closed, MiB that it takes.</summary>
    [Theory]
    [InlineData(600, 30, 0, 30, 501, true)]
    [InlineData(600, 30, 0, null, 501, true)]
    [InlineData(599, 30, 0, 30, 501, false)]
    [InlineData(600, 29, 0, null, 501, false)]
    [InlineData(600, 30, 0, 29, 501, false)]
    [InlineData(600, 30, 1, 30, 501, false)]
    [InlineData(600, 30, 0, 30, 500, false)]
    public void It_is_replaced_in_an_empty_moment_above_its_soft_limit_when_it_is_old_enough(int age, int unused, int sessions, int? left, int taken, bool isReplaced)
    {
        hub.Run("sales", 1, sessions);
        hub.Now = DrivenHub.Begin.AddSeconds(age - Math.Max(unused, left ?? 0));
        if (left is not null)
        {
            hub.Open(1);
        }

        hub.Now = DrivenHub.Begin.AddSeconds(age - unused);
        hub.Use(1);
        hub.Now = DrivenHub.Begin.AddSeconds(age - (left ?? 0));
        if (left is not null)
        {
            hub.Close(1);
        }

        hub.Now = DrivenHub.Begin.AddSeconds(age);
        hub.Measure(4000, (1, taken));
        hub.Wait(0);
        hub.Effects.Any(effect => effect is HubEffect.Launch).Should().Be(isReplaced);
        (hub.Find("sales").StartingRun?.Reason ?? QueueReason.Demand).Should().Be(isReplaced ? QueueReason.Memory : QueueReason.Demand);
    }

    [Fact]
    public void While_another_comes_up_or_waits_it_is_not_replaced_once_more()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales");
        hub.Close(1);
        hub.Limits = new SupervisionLimits { MaxRunning = 1, ReconnectGrace = TimeSpan.FromHours(9) };
        hub.Wait(600);
        hub.Limits = new SupervisionLimits { MaxStarting = 0 };
        hub.Measure(4000, (1, 501));
        hub.Wait(60);
        hub.Find("sales").Waiting.Should().Be(new Waiting.Queued(DrivenHub.Begin, QueueReason.Restart));
    }

    [Fact]
    public void A_run_whose_successor_failed_is_not_replaced_again_at_once()
    {
        Replace();
        hub.Exit(2);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        hub.Wait(599);
        hub.Effects.Should().BeEmpty();
        hub.Wait(1);
        hub.Effects.Should().ContainSingle().Which.Should().BeOfType<HubEffect.Launch>();
    }

    [Fact]
    public void People_are_not_told_what_an_earlier_restart_was_for()
    {
        hub.Run("sales", 1);
        hub.Restart("sales", why: "new figures");
        hub.Exit(2);
        hub.Measure(4000, (1, 501));
        hub.Wait(600);
        hub.Open(1);
        hub.Ready(3);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>().Which.Why.Should().BeNull();
    }

    [Theory]
    [InlineData(900, false)]
    [InlineData(901, true)]
    public void Above_its_hard_limit_it_is_killed_whoever_is_there(int taken, bool isKilled)
    {
        hub.Run("sales", 1, sessions: 3);
        hub.Measure(4000, (1, taken));
        hub.Wait(0);
        hub.Effects.Any(effect => effect is HubEffect.Kill).Should().Be(isKilled);
        (hub.Find("sales").Runs[0].State is RunState.Killing { Reason: StopReason.Memory }).Should().Be(isKilled);
    }

    [Fact]
    public void A_kill_for_its_memory_is_a_failure_and_another_is_started_after_a_pause()
    {
        hub.Run("sales", 1);
        hub.Measure(4000, (1, 901));
        hub.Wait(1);
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Signalled(9)));
        (hub.Status("sales"), hub.Find("sales").LastExit!.Outcome).Should().Be((InstanceStatus.Backoff, new ExitOutcome.Ended(StopReason.Memory)));
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void What_becomes_of_a_replaced_run_says_nothing_about_the_one_that_serves()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales");
        hub.Ready(2);
        hub.Limits = new SupervisionLimits { MaxStarting = 0 };
        hub.Restart("sales");
        hub.Measure(4000, (1, 901));
        hub.Wait(1);
        hub.Exit(1);
        (hub.Find("sales").Waiting, hub.Find("sales").Failures.Length).Should().Be((new Waiting.Queued(DrivenHub.Begin, QueueReason.Restart), 0));
    }

    [Fact]
    public void What_comes_up_or_drains_may_take_no_more_and_what_ends_has_its_grace()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales");
        hub.Ready(2);
        hub.Open(2);
        hub.Restart("sales");
        hub.Launch(3);
        hub.Close(1);
        hub.Wait(30);
        hub.Find("sales").Runs.Select(run => run.State.GetType().Name).Should().Equal("Stopping", "Ready", "Starting");
        hub.Ready(3);
        hub.Restart("sales");
        hub.Launch(4);
        hub.Measure(4000, (1, 901), (2, 901), (4, 901));
        hub.Wait(1);
        hub.Effects.Select(effect => (effect.GetType().Name, effect.Run.Value)).Should().Equal(("Kill", 2L), ("Kill", 4L));
        hub.Status("sales").Should().Be(InstanceStatus.Running);
    }

    [Fact]
    public void Without_limits_and_without_measurements_nothing_happens()
    {
        hub.Register(Sales with { Memory = default });
        hub.Run("sales", 1);
        hub.Measure(4000, (1, 90_000));
        hub.Wait(3600);
        hub.Effects.Should().BeEmpty();
        hub.Register(Sales);
        hub.Measure(4000, (1, 0));
        hub.Wait(1);
        hub.Effects.Should().BeEmpty();
    }

    /// <summary>Up to the launch of the successor.</summary>
    private void Replace()
    {
        hub.Run("sales", 1);
        hub.Measure(4000, (1, 501));
        hub.Wait(600);
        hub.Effects.Should().ContainSingle().Which.Run.Should().Be(new RunId(2));
    }
}
