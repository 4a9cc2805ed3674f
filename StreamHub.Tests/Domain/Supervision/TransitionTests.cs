using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What the history says of a life, step by step.</summary>
public sealed class TransitionTests
{
    private static readonly App Sales = DrivenHub.App("sales");
    private static readonly InstanceKey Key = new(Sales.Slug);

    private readonly DrivenHub hub = new(Sales);

    [Fact]
    public void A_visit_a_start_and_an_idle_stop()
    {
        hub.Run("sales", 1);
        hub.Wait(1860);
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Signalled(15)));

        hub.Told.Should().Equal(
            "1 Stopped → Starting, Visit",
            "1 Starting → Running, Process",
            "1 Running → Stopping, Idle: Idle",
            "1 Stopping → Stopped, Process: Idle");
    }

    [Fact]
    public void A_crash_its_retry_and_the_quarantine()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(3)));
        hub.Wait(60);
        hub.Take(new HubEvent.LaunchFailed(new RunId(2), "no such file"));

        hub.Told.Should().Equal(
            "1 Running → Backoff, Crash: Exited 3",
            "2 Backoff → Starting, Deadline",
            "2 Starting → Quarantined, Crash: NotLaunched no such file");
    }

    [Fact]
    public void A_restart_by_an_admin_drains_and_a_stop_holds()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.RestartRequested(Key, Drain: true, "new figures", "kim"));
        hub.Launch(2);
        hub.Take(new HubEvent.BecameReady(new RunId(2)));
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        hub.Take(new HubEvent.StopRequested(Key, new Hold("lee")));
        hub.Take(new HubEvent.Exited(new RunId(2), new ExitOutcome.Exited(0)));
        hub.Take(new HubEvent.StartRequested(Key, "kim"));

        hub.Told.Should().Equal(
            "2 Running → Restarting, Admin kim: Restarted new figures",
            "2 Restarting → Running, Process",
            "1 Running → Running, Process: Drained",
            "2 Running → Stopping, Admin lee: Stopped",
            "2 Stopping → Held, Process: Stopped",
            "3 Held → Starting, Admin kim");
    }

    [Fact]
    public void What_will_not_end_is_killed_when_its_grace_is_over()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.StopRequested(Key, new Hold("lee")));
        hub.Wait(11);

        hub.Told.Should().Equal("1 Running → Stopping, Admin lee: Stopped", "1 Stopping → Stopping, Deadline: Stopped");
    }

    [Fact]
    public void A_removed_app_and_a_hub_that_stops()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.AppsChanged([]));
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        hub.Take(new HubEvent.AppsChanged([Sales]));
        hub.Run("sales", 2);
        hub.Take(new HubEvent.HubStopping());

        hub.Told.Should().Equal(
            "1 Running → Stopping, Configuration: Removed",
            "1 Stopping → Stopped, Process: Removed",
            "2 Stopped → Starting, Visit",
            "2 Starting → Running, Process",
            "2 Running → Stopping, HubStop: HubStopped");
    }

    [Fact]
    public void An_adopted_run_is_said_to_come_from_an_earlier_hub()
    {
        hub.Take(new HubEvent.Adopted([new AdoptedRun(Key, new RunId(7), DrivenHub.Process(7), hub.Now, IsReady: true, IsEnding: false)]));
        hub.Take(new HubEvent.BecameReady(new RunId(7)));

        hub.Told.Should().Equal("7 Stopped → Starting, HubStart", "7 Starting → Running, Process");
    }

    [Fact]
    public void A_slow_launch_is_no_long_life()
    {
        hub.Take(new HubEvent.Requested(Key));
        hub.Now += TimeSpan.FromSeconds(20);
        hub.Launch(1);
        hub.Now += TimeSpan.FromSeconds(1);
        hub.Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(1)));

        hub.Find("sales").LastExit!.Lived.Should().Be(TimeSpan.FromSeconds(1), "it is counted as a quick exit");
    }

    [Fact]
    public void A_free_slot_is_told_from_a_visit()
    {
        var other = new App(AppSlug.Parse("other"), "Other", new AppRuntime.Demo());
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Take(new HubEvent.AppsChanged([other, Sales]));
        hub.Take(new HubEvent.Requested(new InstanceKey(other.Slug)));
        hub.Take(new HubEvent.Requested(Key));
        hub.Take(new HubEvent.StopRequested(new InstanceKey(other.Slug), new Hold("lee")));
        hub.Told.Clear();

        hub.Take(new HubEvent.LaunchFailed(new RunId(1), "gone"));

        hub.Told.Should().Equal("other 1 Stopping → Held, Process: Stopped", "2 Queued → Starting, Slot");
    }

    [Fact]
    public void A_hold_that_says_something_else_and_a_restart_in_the_place_of_one_that_waits()
    {
        hub.Stop("sales", new Hold("lee", "soon"));
        hub.Stop("sales", new Hold("kim", "for good"));
        hub.Stop("sales", new Hold("kim", "for good", hub.Now.AddHours(1)));
        hub.Take(new HubEvent.StartRequested(Key, "kim"));
        hub.Ready(1);
        hub.Limits = new SupervisionLimits { MaxStarting = 0 };
        hub.Take(new HubEvent.RestartDue(Sales.Slug));
        hub.Restart("sales");

        hub.Told.Should().Equal(
            " Stopped → Held, Admin lee soon",
            " Held → Held, Admin kim for good",
            " Held → Held, Admin kim for good",
            "1 Held → Starting, Admin kim",
            "1 Starting → Running, Process",
            " Running → Running, Schedule",
            " Running → Running, Admin kim: Restarted");
    }

    [Theory]
    [InlineData(true, "Admin kim")]
    [InlineData(false, "Deadline")]
    public void Each_app_tells_of_the_maintenance_and_of_its_end(bool isEndedByAdmin, string end)
    {
        hub.Register(Sales, DrivenHub.App("other"));
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.MaintenanceBegun(new Hold("lee", "moving", hub.Now.AddHours(1))));
        hub.Exit(1);
        hub.Wait(1);
        if (isEndedByAdmin)
        {
            hub.Take(new HubEvent.MaintenanceEnded("kim"));
        }
        else
        {
            hub.Wait(3600);
        }

        hub.Told.Should().Equal(
            "other  Stopped → Stopped, Admin lee: Maintenance moving",
            "1 Running → Stopping, Admin lee: Maintenance moving",
            "1 Stopping → Stopped, Process: Maintenance",
            $"other  Stopped → Stopped, {end}: Opened",
            $" Stopped → Stopped, {end}: Opened");
    }

    [Fact]
    public void Nothing_is_told_of_use_and_of_time()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.Used(new RunId(1), IsPerson: true));
        hub.Take(new HubEvent.SessionOpened(new RunId(1)));
        hub.Take(new HubEvent.AppsChanged([Sales]));
        hub.Wait(1);

        hub.Told.Should().BeEmpty();
    }
}
