using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What admins stop: one app, or all of them, for good or for a time.</summary>
public sealed class HoldTests
{
    private static readonly App Sales = DrivenHub.App("sales");
    private static readonly App Warm = DrivenHub.App("warm") with { MinRuns = 1 };

    private readonly DrivenHub hub = new(Sales);

    [Fact]
    public void A_hold_beats_visits_and_retries_and_ends_at_a_start()
    {
        hub.Stop("sales");
        hub.Visit("sales");
        hub.Take(new HubEvent.RetryRequested(DrivenHub.Key("sales")));
        hub.Take(new HubEvent.RestartDue(Sales.Slug));
        hub.Wait(86400);
        hub.Status("sales").Should().Be(InstanceStatus.Held);
        hub.Take(new HubEvent.StartRequested(DrivenHub.Key("sales"), "kim"));
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void Whom_a_restart_at_once_put_out_is_told_why_by_the_run_that_follows()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Restart("sales", drain: false, why: "new figures");
        hub.Find("sales").RestartWhy.Should().Be("new figures");
        hub.Exit(1);
        hub.Ready(2);
        (hub.Find("sales").ReadyRun!.Why, hub.Find("sales").RestartWhy).Should().Be(("new figures", (string?)null));
        hub.Restart("sales", drain: false, why: "never told");
        hub.Stop("sales");
        hub.Exit(2);
        hub.Take(new HubEvent.StartRequested(DrivenHub.Key("sales"), "kim"));
        hub.Ready(3);
        hub.Find("sales").ReadyRun!.Why.Should().BeNull();
    }

    [Fact]
    public void A_hold_with_an_end_is_over_then_by_the_machines_clock_and_the_next_visit_starts_it()
    {
        hub.Stop("sales", new Hold("lee", "back at one", DrivenHub.Begin.AddHours(1)));
        hub.Wait(3599);
        hub.Status("sales").Should().Be(InstanceStatus.Held);
        hub.Slept = TimeSpan.FromSeconds(1);
        hub.Take(HubEvent.Tick.Instance);
        hub.Status("sales").Should().Be(InstanceStatus.Stopped);
        hub.Visit("sales");
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void What_is_kept_warm_starts_when_its_hold_is_over()
    {
        hub.Register(Warm);
        hub.Stop("warm", new Hold("lee", Until: DrivenHub.Begin.AddHours(1)));
        hub.Exit(1);
        hub.Wait(3600);
        hub.Status("warm").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void A_second_stop_says_what_counts_now()
    {
        hub.Stop("sales", new Hold("lee", "soon", DrivenHub.Begin.AddHours(1)));
        hub.Stop("sales", new Hold("kim", "for good"));
        hub.Wait(86400);
        hub.Find("sales").Desired.Should().Be(new Desired.Held(new Hold("kim", "for good")));
    }

    [Fact]
    public void Maintenance_ends_everything_and_starts_nothing_until_it_is_over()
    {
        hub.Register(Sales, Warm, DrivenHub.App("held"));
        hub.Stop("held");
        hub.Run("sales", 2, sessions: 1);
        hub.Ready(1);
        hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee", "moving", DrivenHub.Begin.AddHours(1))));
        hub.Effects.Should().BeEquivalentTo(new HubEffect[] { new HubEffect.Terminate(new RunId(1), DrivenHub.Process(1)), new HubEffect.Terminate(new RunId(2), DrivenHub.Process(2)) });
        hub.Exit(1);
        hub.Exit(2);
        hub.Visit("sales");
        hub.Take(new HubEvent.RetryRequested(DrivenHub.Key("sales")));
        hub.Take(new HubEvent.StartRequested(DrivenHub.Key("sales"), "kim"));
        hub.Restart("sales");
        hub.Wait(3599);
        hub.State.Instances.Values.Select(instance => instance.Status).Should().Equal(InstanceStatus.Held, InstanceStatus.Stopped, InstanceStatus.Stopped);
        hub.Wait(1);
        (hub.State.Maintenance, hub.Status("warm"), hub.Status("sales"), hub.Status("held")).Should().Be(
            ((Hold?)null, InstanceStatus.Starting, InstanceStatus.Stopped, InstanceStatus.Held));
    }

    [Fact]
    public void Maintenance_ends_when_an_admin_says_so()
    {
        hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee")));
        hub.State.Maintenance.Should().Be(new Hold("lee"));
        hub.Take(new HubEvent.MaintenanceEnded("kim"));
        hub.Visit("sales");
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void A_hub_that_stops_begins_no_maintenance()
    {
        hub.Take(new HubEvent.HubStopping());
        hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee")));
        hub.State.Maintenance.Should().BeNull();
    }

    [Fact]
    public void What_was_over_while_no_hub_was_there_is_not_held_again_and_ends_nothing()
    {
        var over = new Hold("lee", Until: DrivenHub.Begin);
        var next = new DrivenHub();
        next.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged([Sales]),
            new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty.Add(DrivenHub.Key("sales"), over), over),
            new HubEvent.Adopted([new AdoptedRun(DrivenHub.Key("sales"), new RunId(7), DrivenHub.Process(7), DrivenHub.Begin, IsReady: true, IsEnding: false)])));
        (next.Status("sales"), next.State.Maintenance).Should().Be((InstanceStatus.Starting, (Hold?)null));
        next.Effects.Should().ContainSingle().Which.Should().BeOfType<HubEffect.Probe>();
    }

    [Fact]
    public void What_is_held_still_is_held_again()
    {
        var hold = new Hold("lee", "back at one", DrivenHub.Begin.AddSeconds(1));
        var next = new DrivenHub(Sales, DrivenHub.App("reports") with { Instances = InstanceMode.PerUser });
        var holds = ImmutableDictionary<InstanceKey, Hold>.Empty.Add(DrivenHub.Key("sales"), hold).Add(DrivenHub.Key("reports@kim"), hold).Add(DrivenHub.Key("gone"), hold);
        next.Take(new HubEvent.HoldsRestored(holds, hold));
        (next.Find("sales").Desired, next.Find("reports@kim").Desired, next.State.Maintenance).Should().Be((new Desired.Held(hold), new Desired.Held(hold), hold));
        next.State.Find(DrivenHub.Key("gone")).Should().BeNull();
    }
}
