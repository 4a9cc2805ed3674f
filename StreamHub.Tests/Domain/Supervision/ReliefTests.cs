using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Whose run goes first when room or memory is short, and what it is told to wait for.</summary>
public sealed class ReliefTests
{
    private readonly DrivenHub hub = new() { Limits = new SupervisionLimits { MaxRunning = 3, IdleTimeout = TimeSpan.FromHours(9), MemoryReserve = 200 * DrivenHub.Mebibyte } };

    /// <summary>Apps by name, as <c>name+warm</c> or <c>name-low</c>, used one after another in this order; who goes first.</summary>
    [Theory]
    [InlineData("a b c", "a")]
    [InlineData("b a c", "b")]
    [InlineData("a b-low c", "b")]
    [InlineData("a-high b c", "b")]
    [InlineData("a-low b-low c", "a")]
    [InlineData("a-high b-high c-high", "a")]
    [InlineData("a+warm b c-high", "b")]
    [InlineData("a+warm b-high c-high", "b")]
    [InlineData("a+warm-low b+warm c+warm", "a")]
    public void The_longest_unused_goes_first_of_the_lowest_priority_and_what_is_kept_goes_last(string apps, string first)
    {
        var names = Register(apps);
        for (var run = 1; run <= names.Length; run++)
        {
            hub.Run(names[run - 1], run);
            hub.Wait(1);
        }

        hub.Wait(60);
        hub.Visit("next");
        hub.State.Runs.Where(owned => owned.Run.IsEnding).Select(owned => owned.Instance.Key.ToString()).Should().Equal(first);
    }

    [Fact]
    public void Who_is_used_comes_after_who_is_not_and_who_has_people_goes_not_at_all()
    {
        Register("a b c");
        hub.Run("a", 1);
        hub.Run("b", 2, sessions: 1);
        hub.Run("c", 3);
        hub.Wait(60);
        hub.Use(1);
        hub.Wait(29);
        hub.Visit("next");
        hub.Find("c").Runs[0].State.Should().BeOfType<RunState.Stopping>().Which.Reason.Should().Be(StopReason.MadeRoom);
        hub.Exit(3);
        hub.Ready(4);
        hub.Open(4);
        hub.Visit("c");
        hub.Wait(60);
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));
    }

    [Fact]
    public void What_is_to_be_kept_warm_takes_nobodys_place()
    {
        hub.Limits = hub.Limits with { MaxRunning = 1 };
        Register("a");
        hub.Run("a", 1);
        hub.Wait(60);
        Register("a b+warm");
        (hub.Status("a"), hub.Status("b")).Should().Be((InstanceStatus.Running, InstanceStatus.Queued));
    }

    /// <summary>What an admin asked for comes after it; what the hub itself found best is left when the run is gone.</summary>
    [Theory]
    [InlineData(QueueReason.Restart, InstanceStatus.Starting)]
    [InlineData(QueueReason.Schedule, InstanceStatus.Stopped)]
    public void Where_nothing_else_makes_room_a_run_that_nobody_is_at_goes_before_its_successor(QueueReason reason, InstanceStatus then)
    {
        hub.Limits = hub.Limits with { MaxRunning = 1 };
        Register("a");
        hub.Run("a", 1);
        hub.Wait(29);
        hub.Take(reason == QueueReason.Restart ? new HubEvent.RestartRequested(DrivenHub.Key("a"), Drain: true, null, "kim") : new HubEvent.RestartDue(AppSlug.Parse("a")));
        hub.Status("a").Should().Be(InstanceStatus.Running);
        hub.Wait(1);
        hub.Find("a").Runs[0].State.Should().BeOfType<RunState.Stopping>().Which.Reason.Should().Be(StopReason.MadeRoom);
        hub.Exit(1);
        hub.Status("a").Should().Be(then);
    }

    [Fact]
    public void A_run_whose_successor_comes_up_stays_until_that_is_ready()
    {
        hub.Limits = hub.Limits with { MaxRunning = 2 };
        Register("a");
        hub.Run("a", 1);
        hub.Restart("a");
        hub.Launch(2);
        hub.Wait(59);
        hub.Visit("next");
        hub.Find("a").Runs.Select(run => run.State.GetType().Name).Should().Equal("Ready", "Starting");
    }

    [Fact]
    public void Short_of_memory_unused_runs_go_also_when_nobody_waits_until_the_reserve_is_there_again()
    {
        Register("a-low b");
        hub.Run("b", 1);
        hub.Run("a", 2);
        hub.Wait(60);
        hub.Measure(200);
        hub.Wait(1);
        hub.Effects.Should().BeEmpty("the reserve is there");
        hub.Measure(199);
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(2), DrivenHub.Process(2)));
        hub.Exit(2);
        hub.Wait(1);
        hub.Effects.Should().BeEmpty("what that freed was not measured yet");
        hub.Measure(199);
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(1), DrivenHub.Process(1)));
    }

    [Fact]
    public void Short_of_memory_room_is_made_also_while_starts_wait_for_starts()
    {
        hub.Limits = hub.Limits with { MaxRunning = 9, MaxStarting = 1, StartTimeout = TimeSpan.FromHours(1) };
        Register("a b c");
        hub.Run("a", 1);
        hub.Visit("b");
        hub.Visit("c");
        hub.Wait(60);
        hub.Place("c")!.Limit.Should().Be(CapacityLimit.Starts);
        hub.Effects.Should().BeEmpty("a start ends by itself");
        hub.Measure(199);
        hub.Wait(1);
        hub.Effects.Should().Equal(new HubEffect.Terminate(new RunId(1), DrivenHub.Process(1)));
    }

    [Fact]
    public void An_unmeasured_app_is_taken_to_need_what_streamlit_with_pandas_needs()
    {
        Register("a b");
        hub.Run("a", 1, sessions: 1);
        hub.Measure(349);
        hub.Visit("b");
        hub.Status("b").Should().Be(InstanceStatus.Queued);
        hub.Measure(350);
        hub.Wait(1);
        hub.Status("b").Should().Be(InstanceStatus.Starting);
    }

    private string[] Register(string apps)
    {
        string[][] parts = [.. apps.Split(' ').Select(text => text.Split('+', '-'))];
        hub.Register([
            .. parts.Select(part => DrivenHub.App(part[0]) with
            {
                MinRuns = part.Contains("warm") ? 1 : 0,
                Priority = part.Contains("low") ? AppPriority.Low : part.Contains("high") ? AppPriority.High : AppPriority.Normal,
            }),
            DrivenHub.App("next"),
        ]);
        return [.. parts.Select(part => part[0])];
    }
}
