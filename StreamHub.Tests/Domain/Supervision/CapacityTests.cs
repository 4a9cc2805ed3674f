using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Who waits for room, for how long, and who makes room for them.</summary>
public sealed class CapacityTests
{
    private const long Mebibyte = 1L << 20;

    private static readonly ImmutableArray<App> Apps = [.. "abcd".Select(letter => new App(AppSlug.Parse($"{letter}"), $"{letter}", new AppRuntime.Demo()))];

    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private SupervisionLimits limits = new() { MaxRunning = 1, MaxStarting = 2, IdleTimeout = TimeSpan.FromMinutes(10) };
    private MachineMemory? memory;
    private HubState state = HubState.Create(new RunId(1));

    public CapacityTests() => Take(new HubEvent.AppsChanged(Apps));

    [Fact]
    public void Who_finds_no_room_waits_in_order_and_starts_in_order()
    {
        Run("a", 1, sessions: 1);
        Visit("b");
        Wait(1);
        Visit("c");
        Place("b").Should().Be(new QueuePlace(1, CapacityLimit.Runs, At(600)));
        Place("c").Should().Be(new QueuePlace(2, CapacityLimit.Runs, null), "nobody else will leave");
        Place("a").Should().BeNull();

        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        (Status("b"), Status("c")).Should().Be((InstanceStatus.Starting, InstanceStatus.Queued));
        Place("c")!.Position.Should().Be(1);
    }

    [Fact]
    public void A_run_that_nobody_is_at_makes_room_after_its_grace_and_the_longest_unused_goes_first()
    {
        limits = limits with { MaxRunning = 2 };
        Run("a", 1, sessions: 0);
        Wait(5);
        Run("b", 2, sessions: 0);
        Visit("c");
        Status("a").Should().Be(InstanceStatus.Running, "somebody may be about to open it");
        Place("c").Should().Be(new QueuePlace(1, CapacityLimit.Runs, At(30)));

        Wait(25);
        (Status("a"), Status("b")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        (Status("a"), Status("c")).Should().Be((InstanceStatus.Stopped, InstanceStatus.Starting));
        state.Find(Key("a"))!.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.MadeRoom));
    }

    [Fact]
    public void A_run_with_people_makes_room_for_nobody()
    {
        Run("a", 1, sessions: 1);
        Visit("b");
        Wait(599);
        (Status("a"), Status("b")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
    }

    [Theory]
    [InlineData(500, InstanceStatus.Starting)]
    [InlineData(499, InstanceStatus.Queued)]
    public void A_start_must_leave_the_reserve_free_by_what_the_app_has_needed_so_far(int free, InstanceStatus expected)
    {
        limits = limits with { MaxRunning = 9, MemoryReserve = 200 * Mebibyte };
        Run("a", 1, sessions: 1);
        Measure(free, ("b", 300));
        Visit("b");
        Status("b").Should().Be(expected);
        (Place("b")?.Limit).Should().Be(expected == InstanceStatus.Queued ? CapacityLimit.Memory : null);
    }

    [Fact]
    public void Starts_under_way_count_with_what_they_will_need()
    {
        limits = limits with { MaxRunning = 9, MemoryReserve = 0 };
        Run("a", 1, sessions: 1);
        Measure(700, ("b", 300), ("c", 300), ("d", 300));
        Visit("b");
        Visit("c");
        Visit("d");
        (Status("b"), Status("c"), Status("d")).Should().Be((InstanceStatus.Starting, InstanceStatus.Starting, InstanceStatus.Queued));
    }

    [Fact]
    public void Short_of_memory_one_unused_run_ends_and_the_next_only_after_a_new_measurement()
    {
        limits = limits with { MaxRunning = 9, MemoryReserve = 0 };
        Run("a", 1, sessions: 0);
        Run("b", 2, sessions: 0);
        Wait(60);
        Measure(100);
        Visit("c");
        (Status("a"), Status("b")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));

        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        (Status("b"), Status("c")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
        Wait(1);
        Measure(400);
        Wait(1);
        (Status("b"), Status("c")).Should().Be((InstanceStatus.Running, InstanceStatus.Starting));
    }

    [Fact]
    public void Where_nothing_runs_a_start_is_tried_whatever_was_measured()
    {
        Measure(0);
        Visit("a");
        Status("a").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void A_hundred_wanted_at_once_come_up_a_few_at_a_time_and_all_of_them_do()
    {
        limits = new SupervisionLimits { MaxRunning = 200, MaxStarting = 4 };
        Take(new HubEvent.AppsChanged([.. Enumerable.Range(0, 100).Select(index => new App(AppSlug.Parse($"app-{index}"), "x", new AppRuntime.Demo()))]));
        for (var index = 0; index < 100; index++)
        {
            Visit($"app-{index}");
        }

        for (var run = 1; run <= 100; run++)
        {
            state.Runs.Count(owned => owned.Run.State is RunState.Starting).Should().Be(Math.Min(4, 101 - run));
            Ready(run);
        }

        state.Runs.Count(owned => owned.Run.State is RunState.Ready).Should().Be(100);
    }

    private static InstanceKey Key(string slug) => new(AppSlug.Parse(slug));

    private DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private InstanceStatus Status(string slug) => state.Find(Key(slug))!.Status;

    private QueuePlace? Place(string slug) => Capacity.Place(state, Key(slug), Context);

    private StepContext Context => new(now, 0.5, limits) { Memory = memory };

    private void Measure(int free, params (string App, int Need)[] needs) => memory = new MachineMemory(
        now, free * Mebibyte, needs.ToImmutableDictionary(need => AppSlug.Parse(need.App), need => need.Need * Mebibyte));

    private void Visit(string slug) => Take(new HubEvent.Requested(Key(slug)));

    private void Run(string slug, int run, int sessions)
    {
        Visit(slug);
        Ready(run);
        for (var session = 0; session < sessions; session++)
        {
            Take(new HubEvent.SessionOpened(new RunId(run)));
        }
    }

    private void Ready(int run)
    {
        Take(new HubEvent.Launched(new RunId(run), new RunProcess(new ProcessIdentity(run, run, "boot"), new AppEndpoint(run))));
        Take(new HubEvent.BecameReady(new RunId(run)));
    }

    private void Wait(int seconds)
    {
        now = now.AddSeconds(seconds);
        Take(HubEvent.Tick.Instance);
    }

    private void Take(HubEvent @event) => state = HubMachine.Step(state, @event, Context).State;
}
