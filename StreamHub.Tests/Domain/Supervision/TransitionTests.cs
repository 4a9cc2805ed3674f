using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What the history says of a life, step by step.</summary>
public sealed class TransitionTests
{
    private static readonly App Sales = new(AppSlug.Parse("sales"), "Sales", new AppRuntime.Demo());
    private static readonly InstanceKey Key = new(Sales.Slug);

    private readonly List<string> told = [];
    private HubState state = HubState.Create(new RunId(1));
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;

    public TransitionTests() => Take(new HubEvent.AppsChanged([Sales]));

    [Fact]
    public void A_visit_a_start_and_an_idle_stop()
    {
        Run(1);
        Wait(TimeSpan.FromMinutes(31));
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Signalled(15)));

        told.Should().Equal(
            "1 Stopped → Starting, Visit",
            "1 Starting → Running, Process",
            "1 Running → Stopping, Idle: Idle",
            "1 Stopping → Stopped, Process: Idle");
    }

    [Fact]
    public void A_crash_its_retry_and_the_quarantine()
    {
        Run(1);
        told.Clear();
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(3)));
        Wait(TimeSpan.FromMinutes(1));
        Take(new HubEvent.LaunchFailed(new RunId(2), "no such file"));

        told.Should().Equal(
            "1 Running → Backoff, Crash: Exited 3",
            "2 Backoff → Starting, Deadline",
            "2 Starting → Quarantined, Crash: NotLaunched no such file");
    }

    [Fact]
    public void A_restart_by_an_admin_drains_and_a_stop_holds()
    {
        Run(1);
        told.Clear();
        Take(new HubEvent.RestartRequested(Key, Drain: true, "new figures", "kim"));
        Launch(2);
        Take(new HubEvent.BecameReady(new RunId(2)));
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        Take(new HubEvent.StopRequested(Key, new Hold("lee")));
        Take(new HubEvent.Exited(new RunId(2), new ExitOutcome.Exited(0)));
        Take(new HubEvent.StartRequested(Key, "kim"));

        told.Should().Equal(
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
        Run(1);
        told.Clear();
        Take(new HubEvent.StopRequested(Key, new Hold("lee")));
        Wait(TimeSpan.FromSeconds(11));

        told.Should().Equal("1 Running → Stopping, Admin lee: Stopped", "1 Stopping → Stopping, Deadline: Stopped");
    }

    [Fact]
    public void A_removed_app_and_a_hub_that_stops()
    {
        Run(1);
        told.Clear();
        Take(new HubEvent.AppsChanged([]));
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(0)));
        Take(new HubEvent.AppsChanged([Sales]));
        Run(2);
        Take(new HubEvent.HubStopping());

        told.Should().Equal(
            "1 Running → Stopping, Configuration: Removed",
            "1 Stopping → Stopped, Process: Removed",
            "2 Stopped → Starting, Visit",
            "2 Starting → Running, Process",
            "2 Running → Stopping, HubStop: HubStopped");
    }

    [Fact]
    public void An_adopted_run_is_said_to_come_from_an_earlier_hub()
    {
        Take(new HubEvent.Adopted([new AdoptedRun(Key, new RunId(7), Process(7), now, IsReady: true, IsEnding: false)]));
        Take(new HubEvent.BecameReady(new RunId(7)));

        told.Should().Equal("7 Stopped → Starting, HubStart", "7 Starting → Running, Process");
    }

    [Fact]
    public void A_slow_launch_is_no_long_life()
    {
        Take(new HubEvent.Requested(Key));
        now += TimeSpan.FromSeconds(20);
        Launch(1);
        now += TimeSpan.FromSeconds(1);
        Take(new HubEvent.Exited(new RunId(1), new ExitOutcome.Exited(1)));

        state.Find(Key)!.LastExit!.Lived.Should().Be(TimeSpan.FromSeconds(1), "it is counted as a quick exit");
    }

    [Fact]
    public void A_free_slot_is_told_from_a_visit()
    {
        var other = new App(AppSlug.Parse("other"), "Other", new AppRuntime.Demo());
        Take(new HubEvent.AppsChanged([other, Sales]));
        Take(new HubEvent.Requested(new InstanceKey(other.Slug)), MaxRunning(1));
        Take(new HubEvent.Requested(Key), MaxRunning(1));
        Take(new HubEvent.StopRequested(new InstanceKey(other.Slug), new Hold("lee")), MaxRunning(1));
        told.Clear();

        Take(new HubEvent.LaunchFailed(new RunId(1), "gone"), MaxRunning(1));

        told.Should().Equal("1 Stopping → Held, Process: Stopped", "2 Queued → Starting, Slot");
    }

    [Fact]
    public void Nothing_is_told_of_use_and_of_time()
    {
        Run(1);
        told.Clear();
        Take(new HubEvent.Used(new RunId(1), IsPerson: true));
        Take(new HubEvent.SessionOpened(new RunId(1)));
        Take(new HubEvent.AppsChanged([Sales]));
        Wait(TimeSpan.FromSeconds(1));

        told.Should().BeEmpty();
    }

    private static SupervisionLimits MaxRunning(int most) => new() { MaxRunning = most };

    private static RunProcess Process(int run) => new(new ProcessIdentity(run, run, "boot"), new AppEndpoint(18500 + run));

    private void Run(int run)
    {
        Take(new HubEvent.Requested(Key));
        Launch(run);
        Take(new HubEvent.BecameReady(new RunId(run)));
    }

    private void Launch(int run) => Take(new HubEvent.Launched(new RunId(run), Process(run)));

    private void Wait(TimeSpan time)
    {
        now += time;
        Take(HubEvent.Tick.Instance);
    }

    private void Take(HubEvent @event, SupervisionLimits? limits = null)
    {
        var step = HubMachine.Step(state, @event, new StepContext(now, 0.5, limits ?? new SupervisionLimits()));
        told.AddRange(Transition.Between(state, @event, step.State, now).Select(Tell));
        state = step.State;
    }

    private static string Tell(Transition transition) =>
        $"{transition.Run?.Value} {transition.From} → {transition.To}, {transition.Cause}{Also(" ", transition.By)}{Also(": ", transition.Reason)}{Also(" ", transition.Detail)}";

    private static string Also(string before, string? text) => text is null ? "" : before + text;
}
