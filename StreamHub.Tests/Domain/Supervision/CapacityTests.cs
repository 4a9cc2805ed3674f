using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Who waits for room, for how long, and who makes room for them.</summary>
public sealed class CapacityTests
{
    private readonly DrivenHub hub = new([.. "abcd".Select(letter => DrivenHub.App($"{letter}"))])
    {
        Limits = new SupervisionLimits { MaxRunning = 1, MaxStarting = 2, IdleTimeout = TimeSpan.FromMinutes(10) },
    };

    [Fact]
    public void Who_finds_no_room_waits_in_order_and_starts_in_order()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Visit("b");
        hub.Wait(1);
        hub.Visit("c");
        hub.Place("b").Should().Be(new QueuePlace(1, CapacityLimit.Runs, At(600)));
        hub.Place("c").Should().Be(new QueuePlace(2, CapacityLimit.Runs, null), "nobody else will leave");
        hub.Place("a").Should().BeNull();

        hub.Exit(1);
        (hub.Status("b"), hub.Status("c")).Should().Be((InstanceStatus.Starting, InstanceStatus.Queued));
        hub.Place("c")!.Position.Should().Be(1);
    }

    [Fact]
    public void Apps_that_are_slow_to_start_keep_others_waiting_for_the_usual_time_at_most()
    {
        var slow = TimeSpan.FromMinutes(10);
        var own = new DrivenHub(DrivenHub.App("a") with { StartTimeout = slow }, DrivenHub.App("b") with { StartTimeout = slow }, DrivenHub.App("c"))
        {
            Limits = new SupervisionLimits { MaxStarting = 2 },
        };
        own.Visit("a");
        own.Visit("b");
        own.Visit("c");
        own.Wait(59);
        (own.Status("c"), own.Place("c")!.Limit).Should().Be((InstanceStatus.Queued, CapacityLimit.Starts));
        own.Wait(1);
        (own.Status("a"), own.Status("b"), own.Status("c")).Should().Be((InstanceStatus.Starting, InstanceStatus.Starting, InstanceStatus.Starting));
    }

    [Fact]
    public void All_seats_are_expected_to_be_free_when_an_unused_run_is_stopped_or_a_fresh_one_takes_over()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Seats("a").Should().BeNull("nothing runs");
        hub.Visit("a");
        hub.Wait(3);
        hub.Ready(1);
        hub.Seats("a").Should().Be(At(603));

        hub.Restart("a", drain: true);
        hub.Seats("a").Should().Be(At(6), "the last start took 3 s");
        hub.Limits = hub.Limits with { IdleTimeout = TimeSpan.Zero };
        hub.Exit(2);
        hub.Seats("a").Should().BeNull("it is never stopped");
    }

    [Fact]
    public void A_run_that_nobody_is_at_makes_room_after_its_grace_and_the_longest_unused_goes_first()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Run("a", 1, sessions: 0);
        hub.Wait(5);
        hub.Run("b", 2, sessions: 0);
        hub.Visit("c");
        hub.Status("a").Should().Be(InstanceStatus.Running, "somebody may be about to open it");
        hub.Place("c").Should().Be(new QueuePlace(1, CapacityLimit.Runs, At(30)));

        hub.Wait(25);
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));
        hub.Exit(1);
        (hub.Status("a"), hub.Status("c")).Should().Be((InstanceStatus.Stopped, InstanceStatus.Starting));
        hub.Find("a").LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.MadeRoom));
    }

    [Fact]
    public void Of_a_run_without_sessions_people_are_those_who_asked_lately()
    {
        hub.Run("a", 1);
        hub.Ask(1);
        hub.Visit("b");
        hub.Place("b").Should().Be(new QueuePlace(1, CapacityLimit.Runs, At(300)));
        hub.Wait(299);
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
        hub.Wait(1);
        hub.Status("a").Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public void A_run_with_people_makes_room_for_nobody()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Visit("b");
        hub.Wait(599);
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
    }

    [Theory]
    [InlineData(500, InstanceStatus.Starting)]
    [InlineData(499, InstanceStatus.Queued)]
    public void A_start_must_leave_the_reserve_free_by_what_the_app_has_needed_so_far(int free, InstanceStatus expected)
    {
        hub.Limits = hub.Limits with { MaxRunning = 9, MemoryReserve = 200 * DrivenHub.Mebibyte };
        hub.Run("a", 1, sessions: 1);
        hub.Measure(free);
        hub.Need(("b", 300));
        hub.Visit("b");
        hub.Status("b").Should().Be(expected);
        (hub.Place("b")?.Limit).Should().Be(expected == InstanceStatus.Queued ? CapacityLimit.Memory : null);
    }

    [Fact]
    public void Starts_under_way_count_with_what_they_will_need()
    {
        hub.Limits = hub.Limits with { MaxRunning = 9, MemoryReserve = 0 };
        hub.Run("a", 1, sessions: 1);
        hub.Measure(700);
        hub.Need(("b", 300), ("c", 300), ("d", 300));
        hub.Visit("b");
        hub.Visit("c");
        hub.Visit("d");
        (hub.Status("b"), hub.Status("c"), hub.Status("d")).Should().Be((InstanceStatus.Starting, InstanceStatus.Starting, InstanceStatus.Queued));
    }

    [Fact]
    public void Short_of_memory_one_unused_run_ends_and_the_next_only_after_a_new_measurement()
    {
        hub.Limits = hub.Limits with { MaxRunning = 9, MemoryReserve = 0 };
        hub.Run("a", 1, sessions: 0);
        hub.Run("b", 2, sessions: 0);
        hub.Wait(60);
        hub.Measure(100);
        hub.Visit("c");
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));

        hub.Exit(1);
        (hub.Status("b"), hub.Status("c")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
        hub.Wait(1);
        hub.Measure(400);
        hub.Wait(1);
        (hub.Status("b"), hub.Status("c")).Should().Be((InstanceStatus.Running, InstanceStatus.Starting));
    }

    [Fact]
    public void Where_nothing_runs_a_start_is_tried_whatever_was_measured()
    {
        hub.Measure(0);
        hub.Visit("a");
        hub.Status("a").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void A_hundred_wanted_at_once_come_up_a_few_at_a_time_and_all_of_them_do()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 200, MaxStarting = 4 };
        hub.Register([.. Enumerable.Range(0, 100).Select(index => DrivenHub.App($"app-{index}"))]);
        for (var index = 0; index < 100; index++)
        {
            hub.Visit($"app-{index}");
        }

        for (var run = 1; run <= 100; run++)
        {
            hub.State.Runs.Count(owned => owned.Run.State is RunState.Starting).Should().Be(Math.Min(4, 101 - run));
            hub.Ready(run);
        }

        hub.State.Runs.Count(owned => owned.Run.State is RunState.Ready).Should().Be(100);
    }

    [Fact]
    public void A_visitor_keeps_the_place_while_the_last_run_is_still_ending()
    {
        hub.Run("a", 1);
        hub.Wait(601);
        hub.Status("a").Should().Be(InstanceStatus.Stopping);
        hub.Visit("a");
        hub.Wait(1);
        hub.Visit("b");
        (hub.Status("a"), hub.Place("a")).Should().Be((InstanceStatus.Restarting, null), "it waits for its own run, not for room");

        hub.Exit(1);
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Starting, InstanceStatus.Queued));
    }

    [Fact]
    public void Who_waits_for_the_end_of_a_run_of_their_own_holds_up_nobody()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Run("a", 1);
        hub.Wait(601);
        hub.Visit("a");
        hub.Visit("b");
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Restarting, InstanceStatus.Starting));
    }

    [Fact]
    public void An_app_is_expected_to_need_no_more_than_it_may_take()
    {
        hub.Limits = new SupervisionLimits { MemoryReserve = 200 * DrivenHub.Mebibyte };
        hub.Register(DrivenHub.App("a"), DrivenHub.App("b") with { Memory = new MemoryLimits(null, 900 * DrivenHub.Mebibyte) }, DrivenHub.App("c"));
        hub.Run("a", 1, sessions: 1);
        hub.Measure(1100);
        hub.Need(("b", 12_000), ("c", 12_000));
        hub.Visit("b");
        hub.Status("b").Should().Be(InstanceStatus.Starting, "it leaked once, and would be ended now");
        hub.Visit("c");
        hub.Status("c").Should().Be(InstanceStatus.Queued);
    }

    [Fact]
    public void A_restart_takes_nobody_who_waits_out_of_the_line()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Visit("b");
        hub.Wait(1);
        hub.Visit("c");
        hub.Restart("b", drain: false);
        (hub.Place("b")!.Position, hub.Place("c")!.Position).Should().Be((1, 2));
    }

    [Fact]
    public void Who_was_there_until_now_may_come_back_before_the_run_makes_room()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Wait(60);
        hub.Close(1);
        hub.Visit("b");
        hub.Status("a").Should().Be(InstanceStatus.Running, "the connection may only have broken off");
        hub.Place("b")!.Expected.Should().Be(At(90));

        hub.Wait(30);
        hub.Status("a").Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public void What_waits_to_be_kept_warm_waits_no_longer_than_it_is_to_be_kept()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Register(DrivenHub.App("a"), DrivenHub.App("b") with { MinRuns = 1 });
        hub.Status("b").Should().Be(InstanceStatus.Queued);
        hub.Register(DrivenHub.App("a"), DrivenHub.App("b"));
        hub.Status("b").Should().Be(InstanceStatus.Stopped);
    }

    private static DateTimeOffset At(int seconds) => DrivenHub.Begin.AddSeconds(seconds);
}
