using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>Whom and what the history names for what the hub does by itself, and for what has to wait.</summary>
public sealed class TransitionCauseTests
{
    private static readonly App Sales = DrivenHub.App("sales");
    private static readonly InstanceKey Key = new(Sales.Slug);

    private readonly DrivenHub hub = new(Sales);

    [Fact]
    public void Who_asked_for_a_restart_that_has_to_wait_is_told_and_why()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Told.Clear();
        hub.Restart("sales", why: "new figures");
        hub.Limits = new SupervisionLimits();
        hub.Wait(1);

        hub.Told.Should().Equal(" Running → Running, Admin kim: Restarted new figures", "2 Running → Restarting, Slot");
    }

    [Fact]
    public void A_night_that_has_to_wait_is_told_too()
    {
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Run("sales", 1, sessions: 1);
        hub.Told.Clear();
        hub.Take(new HubEvent.RestartDue(Sales.Slug));
        hub.Limits = new SupervisionLimits();
        hub.Wait(1);

        hub.Told.Should().Equal(" Running → Running, Schedule", "2 Running → Restarting, Schedule");
    }

    [Fact]
    public void What_memory_and_hangs_lead_to()
    {
        hub.Register(Sales with { Memory = new MemoryLimits(500 * DrivenHub.Mebibyte, 900 * DrivenHub.Mebibyte), IdleTimeout = TimeSpan.Zero });
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Measure(4000, (1, 600));
        hub.Wait(600);
        hub.Ready(2);
        hub.Exit(1);
        hub.Measure(4000, (2, 1000));
        hub.Wait(1);
        hub.Take(new HubEvent.Exited(new RunId(2), new ExitOutcome.Signalled(9)));
        hub.Wait(1);
        hub.Ready(3);
        hub.Wait(5);
        hub.Check(3, HungReason.NoSession);
        hub.Exit(4);
        hub.Wait(1);
        hub.Check(3, HungReason.NoAnswer, ends: 0);
        hub.Exit(3);

        hub.Told.Should().Equal(
            "2 Running → Restarting, Memory",
            "2 Restarting → Running, Process",
            "1 Running → Running, Process: Drained",
            "2 Running → Restarting, Memory: Memory",
            "2 Restarting → Backoff, Crash: Memory",
            "3 Backoff → Starting, Deadline",
            "3 Starting → Running, Process",
            "4 Running → Restarting, Hung",
            "4 Restarting → Hung, Crash: Exited 1",
            "3 Hung → Restarting, Hung: Hung",
            "3 Restarting → Backoff, Crash: Hung");
    }

    [Fact]
    public void A_hang_that_is_only_shown_and_what_finds_its_way()
    {
        hub.Register(Sales with { Hung = HungPolicy.Show });
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Check(1, HungReason.NoSession);
        hub.Check(1, HungReason.NoAnswer, ends: 0);
        hub.Check(1, null);

        hub.Told.Should().Equal(" Running → Hung, Hung", " Hung → Running, Process");
    }

    [Fact]
    public void What_is_kept_warm_and_what_has_to_wait_for_it()
    {
        var other = DrivenHub.App("other");
        hub.Limits = new SupervisionLimits { MaxRunning = 1 };
        hub.Register(Sales, other);
        hub.Run("other", 1, sessions: 1);
        hub.Told.Clear();
        hub.Register(Sales with { MinRuns = 1, WarmHours = WeekHours.Of([new HoursWindow(127, 0, 1)]) }, other);
        hub.Now = DrivenHub.Begin.AddHours(12);
        hub.Wait(0);
        hub.Exit(1);
        hub.Wait(60);

        hub.Told.Should().Equal(
            "other 1 Running → Stopping, Idle: Idle",
            " Stopped → Queued, Warm",
            "other 1 Stopping → Stopped, Process: Idle",
            "2 Queued → Starting, Warm",
            "2 Starting → Restarting, Deadline: StartTimeout");
    }

    [Fact]
    public void A_hold_and_maintenance_are_told_with_their_words_and_their_end()
    {
        hub.Run("sales", 1);
        hub.Told.Clear();
        hub.Stop("sales", new Hold("lee", "back at one", hub.Now.AddHours(1)));
        hub.Exit(1);
        hub.Wait(3600);
        hub.Run("sales", 2);
        hub.Take(new HubEvent.MaintenanceBegun(new Hold("kim", "moving")));
        hub.Exit(2);
        hub.Take(new HubEvent.MaintenanceEnded("kim"));
        hub.Stop("sales", new Hold("lee", "for good"));
        hub.Take(new HubEvent.StartRequested(Key, "kim"));

        hub.Told.Should().Equal(
            "1 Running → Stopping, Admin lee: Stopped back at one",
            "1 Stopping → Held, Process: Stopped",
            " Held → Stopped, Deadline",
            "2 Stopped → Starting, Visit",
            "2 Starting → Running, Process",
            "2 Running → Stopping, Admin kim: Maintenance moving",
            "2 Stopping → Stopped, Process: Maintenance",
            " Stopped → Stopped, Admin kim: Opened",
            " Stopped → Held, Admin lee for good",
            "3 Held → Starting, Admin kim");
    }

    [Fact]
    public void A_new_hub_tells_what_it_found_and_what_it_holds()
    {
        var next = new DrivenHub();
        next.Take(new HubEvent.HubStarted(
            new HubEvent.AppsChanged([Sales, DrivenHub.App("other")]),
            new HubEvent.HoldsRestored(ImmutableDictionary<InstanceKey, Hold>.Empty.Add(DrivenHub.Key("other"), new Hold("lee")), null),
            new HubEvent.Adopted([new AdoptedRun(Key, new RunId(7), DrivenHub.Process(7), next.Now, IsReady: false, IsEnding: true)])));
        next.Exit(7);

        next.Told.Should().Equal("other  Stopped → Held, HubStart", "7 Stopped → Stopping, HubStart: LeftBehind", "7 Stopping → Stopped, Process: LeftBehind");
    }

    [Fact]
    public void A_retry_a_quarantine_and_the_end_of_a_drain()
    {
        hub.Run("sales", 1, sessions: 1);
        hub.Told.Clear();
        hub.Restart("sales");
        hub.Ready(2);
        hub.Wait(600);
        hub.Exit(2);
        hub.Exit(1, 0);
        hub.Take(new HubEvent.RetryRequested(Key));
        hub.Exit(3);

        hub.Told.Should().Equal(
            "2 Running → Restarting, Admin kim: Restarted",
            "2 Restarting → Running, Process",
            "1 Running → Running, Deadline: Drained",
            "2 Running → Backoff, Crash: Exited 1",
            "1 Backoff → Backoff, Process: Drained",
            "3 Backoff → Starting, Visit",
            "3 Starting → Backoff, Crash: Exited 1");
    }

    [Fact]
    public void The_end_of_a_run_goes_with_what_it_is_told_with()
    {
        hub.Run("sales", 1);
        var before = hub.State;
        HubEvent gone = new HubEvent.Exited(new RunId(1), new ExitOutcome.Vanished()) { Output = new ExitOutput("ValueError: x", ["ValueError: x"]) };
        var step = HubMachine.Step(before, gone, hub.Context);
        hub.Take(gone);

        var told = Transition.Between(before, gone, step, hub.Now).Should().ContainSingle().Which;
        (told.Exit, told.At, told.Reason, told.Detail).Should().Be((step.State.Find(Key)!.LastExit, hub.Now, "Vanished", null));
        (told.Exit!.ErrorLine, told.Exit.Output.Lines).Should().BeEquivalentTo(("ValueError: x", new[] { "ValueError: x" }));
        hub.Find("sales").Failures.Should().ContainSingle().Which.Output.Should().Be(ExitOutput.None, "only the last end is shown");
        Transition.Between(hub.State, gone, HubMachine.Step(hub.State, gone, hub.Context), hub.Now).Should().BeEmpty();
    }
}
