using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What those in line are told: their place, what is lacking, and when it is probably their turn.</summary>
public sealed class QueuePlaceTests
{
    private readonly DrivenHub hub = new([.. "abcdefgh".Select(letter => DrivenHub.App($"{letter}"))])
    {
        Limits = new SupervisionLimits { MaxRunning = 3, MaxStarting = 2, IdleTimeout = TimeSpan.FromMinutes(10) },
    };

    [Fact]
    public void Who_waits_for_starts_is_told_by_what_starts_take_here_two_at_a_time()
    {
        hub.Limits = hub.Limits with { MaxRunning = 9 };
        hub.Visit("a");
        hub.Now += TimeSpan.FromSeconds(8);
        hub.Ready(1);
        foreach (var name in "bcdefg")
        {
            hub.Visit($"{name}");
        }

        (hub.Place("b"), hub.Place("c"), hub.Place("h")).Should().Be(((QueuePlace?)null, (QueuePlace?)null, (QueuePlace?)null), "they are on their way, or nobody wants it");
        "defg".Select(name => hub.Place($"{name}")).Should().Equal(
            new QueuePlace(1, CapacityLimit.Starts, hub.Now.AddSeconds(8)),
            new QueuePlace(2, CapacityLimit.Starts, hub.Now.AddSeconds(8)),
            new QueuePlace(3, CapacityLimit.Starts, hub.Now.AddSeconds(16)),
            new QueuePlace(4, CapacityLimit.Starts, hub.Now.AddSeconds(16)));
    }

    [Fact]
    public void Where_no_start_was_seen_five_seconds_are_assumed()
    {
        hub.Limits = hub.Limits with { MaxStarting = 1 };
        hub.Visit("a");
        hub.Visit("b");
        hub.Place("b").Should().Be(new QueuePlace(1, CapacityLimit.Starts, hub.Now.AddSeconds(5)));
    }

    [Fact]
    public void Who_waits_for_room_is_told_by_the_ends_that_are_next()
    {
        hub.Run("a", 1, sessions: 1);
        hub.Run("b", 2, sessions: 1);
        hub.Wait(60);
        hub.Use(2);
        hub.Restart("b");
        hub.Ready(3);
        hub.Visit("c");
        hub.Visit("d");
        hub.Visit("e");
        hub.Visit("f");

        // The old run of b drains for ten minutes from now, the new one is unused; a is idle nine minutes from now. Starts took nothing here.
        (hub.Place("c"), hub.Place("d"), hub.Place("e"), hub.Place("f")).Should().Be((
            new QueuePlace(1, CapacityLimit.Runs, hub.Now.AddSeconds(30)),
            new QueuePlace(2, CapacityLimit.Runs, hub.Now.AddSeconds(540)),
            new QueuePlace(3, CapacityLimit.Runs, hub.Now.AddSeconds(600)),
            new QueuePlace(4, CapacityLimit.Runs, null)));
    }

    [Fact]
    public void What_ends_already_ends_now_and_what_is_overdue_too()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Run("a", 1, sessions: 1);
        hub.Run("b", 2);
        hub.Visit("c");
        hub.Visit("d");
        hub.Stop("a");
        (hub.Place("c")!.Expected, hub.Place("d")!.Expected).Should().Be((hub.Now, hub.Now.AddSeconds(30)));
        hub.Wait(31);
        (hub.Place("c")!.Expected, hub.Place("d")!.Expected).Should().Be((hub.Now, hub.Now), "it goes as soon as the one that ends is gone");
    }

    [Fact]
    public void What_comes_up_and_what_is_kept_ends_at_no_known_time()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Register([DrivenHub.App("a") with { MinRuns = 1 }, .. "bcd".Select(letter => DrivenHub.App($"{letter}"))]);
        hub.Ready(1);
        hub.Open(1);
        hub.Visit("b");
        hub.Visit("c");
        hub.Place("c").Should().Be(new QueuePlace(1, CapacityLimit.Runs, null));
    }

    [Fact]
    public void Visitors_come_first_then_fresh_runs_then_what_is_to_be_warm_each_by_the_time_they_wait()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        hub.Run("a", 1, sessions: 1);
        hub.Run("b", 2, sessions: 1);
        hub.Register([DrivenHub.App("h") with { MinRuns = 1 }, DrivenHub.App("g") with { MinRuns = 1 }, .. "abcde".Select(letter => DrivenHub.App($"{letter}"))]);
        foreach (var (name, isVisit) in new[] { ("b", false), ("d", true), ("a", false), ("c", true), ("g", true) })
        {
            hub.Now += TimeSpan.FromSeconds(1);
            if (isVisit)
            {
                hub.Visit(name);
            }
            else
            {
                hub.Restart(name);
            }
        }

        "dcgbah".Select(name => hub.Place($"{name}")!.Position).Should().Equal(1, 2, 3, 4, 5, 6);
    }
}
