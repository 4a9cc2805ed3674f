using System.Globalization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What is stopped because nobody uses it, and what is kept although nobody does.</summary>
public sealed class IdlenessTests
{
    private static readonly App Sales = DrivenHub.App("sales");
    private static readonly App Warm = Sales with { MinRuns = 1 };
    private static readonly App Own = Warm with { Instances = InstanceMode.PerUser };

    [Theory]
    [InlineData(null, 1800)]
    [InlineData(60, 60)]
    [InlineData(7200, 7200)]
    [InlineData(0, null)]
    public void An_unused_run_is_stopped_after_the_idle_time_of_its_app(int? own, int? seconds)
    {
        var hub = new DrivenHub(Sales with { IdleTimeout = own is { } time ? TimeSpan.FromSeconds(time) : null });
        hub.Run("sales", 1);
        Stop(hub, "sales").Should().Be(seconds is { } after ? DrivenHub.Begin.AddSeconds(after) : null);
        hub.Wait((seconds ?? 86400) - 1);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        hub.Wait(1);
        hub.Status("sales").Should().Be(seconds is null ? InstanceStatus.Running : InstanceStatus.Stopping);
    }

    [Fact]
    public void What_people_do_and_what_is_computed_is_use_and_an_open_tab_is_none()
    {
        var hub = new DrivenHub(Sales);
        hub.Run("sales", 1);
        hub.Wait(1000);
        hub.Open(1);
        hub.Wait(1000);
        hub.Use(1);
        hub.Wait(1000);
        hub.Take(new HubEvent.Used(new RunId(1), IsPerson: false));
        var run = hub.Find("sales").ReadyRun!;
        (run.LastUsed, run.LastActed).Should().Be((DrivenHub.Begin.AddSeconds(3000), DrivenHub.Begin.AddSeconds(2000)), "nobody has to be there for a computation");
        hub.Wait(1000);
        hub.Close(1);
        hub.Open(1);
        hub.Wait(1799);
        hub.Status("sales").Should().Be(InstanceStatus.Running, "who opens it uses it");
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Stopping, "its tab is open, and nobody did anything");
    }

    [Fact]
    public void What_is_under_way_is_use_and_a_page_that_reconnects_is_none()
    {
        var hub = new DrivenHub(Sales);
        hub.Run("sales", 1, sessions: 1);
        hub.Wait(1700);
        hub.Work(1);
        var run = hub.Find("sales").ReadyRun!;
        (run.LastUsed, run.LastActed, run.LastUnderWay).Should().Be((hub.Now, null, hub.Now));
        hub.Wait(1700);
        hub.Close(1);
        hub.Take(new HubEvent.SessionOpened(new RunId(1), IsReturning: true));
        hub.Wait(100);
        hub.Status("sales").Should().Be(InstanceStatus.Stopping);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 30)]
    public void A_run_that_is_replaced_waits_for_the_people_that_it_had(bool hadSession, int seconds)
    {
        var hub = new DrivenHub(Sales);
        hub.Run("sales", 1, sessions: hadSession ? 1 : 0);
        hub.Ask(1);
        if (hadSession)
        {
            hub.Close(1);
        }

        hub.Restart("sales");
        hub.Ready(2);
        hub.Wait(seconds - 1);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>();
        hub.Work(1);
        hub.Wait(seconds - 1);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>("a response was under way since");
        hub.Wait(1);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Stopping>();
    }

    [Fact]
    public void A_run_whose_people_ask_on_drains_until_its_time_is_over()
    {
        var hub = new DrivenHub(Sales);
        hub.Run("sales", 1);
        hub.Ask(1);
        hub.Restart("sales");
        hub.Ready(2);
        for (var second = 0; second < 600; second += 30)
        {
            hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>();
            hub.Ask(1);
            hub.Wait(30);
        }

        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Stopping>();
    }

    [Theory]
    [InlineData("30s", null, 3)]
    [InlineData("30m", null, 15)]
    [InlineData("never", null, 15)]
    [InlineData("30m", "4s", 2)]
    public void Use_is_reported_often_enough_for_every_decision(string idle, string? grace, int seconds)
    {
        Duration.TryParse(idle, out var timeout).Should().BeTrue();
        var limits = new SupervisionLimits();
        if (grace is not null)
        {
            Duration.TryParse(grace, out var own).Should().BeTrue();
            limits = limits with { ReconnectGrace = own };
        }

        Idleness.UseInterval(new Instance(DrivenHub.Key("sales"), Sales with { IdleTimeout = timeout }), limits).Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void What_is_coming_up_beside_it_keeps_an_unused_run()
    {
        var hub = new DrivenHub(Sales) { Limits = new SupervisionLimits { StartTimeout = TimeSpan.FromHours(9) } };
        hub.Run("sales", 1);
        hub.Restart("sales");
        hub.Wait(3600);
        hub.Status("sales").Should().Be(InstanceStatus.Restarting);
        hub.Ready(2);
        hub.Find("sales").ReadyRun!.Id.Should().Be(new RunId(2));
    }

    // 31 March 2030: two o'clock in Berlin is three; 27 October: three is two again.
    [Theory]
    [InlineData("Sun 01:00-04:00", "2030-03-30T23:59:00Z", "2030-03-31T00:00:00Z", "2030-03-31T02:00:00Z")]
    [InlineData("Sun 02:00-03:00", "2030-03-30T23:59:00Z", null, null)]
    [InlineData("Sun 02:00-03:00", "2030-10-26T23:59:00Z", "2030-10-27T00:00:00Z", "2030-10-27T02:00:00Z")]
    [InlineData("Sun 01:00-02:30", "2030-10-26T22:59:00Z", "2030-10-26T23:00:00Z", "2030-10-27T00:30:00Z")]
    public void What_is_kept_warm_starts_when_its_hours_begin_and_is_stopped_after_they_end(string hours, string from, string? begins, string? ends)
    {
        var hub = new DrivenHub { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Now = At(from) };
        hub.Register(Sales with { MinRuns = 1, WarmHours = Hours(hours), IdleTimeout = TimeSpan.FromMinutes(4) });
        var (began, ended) = ((DateTimeOffset?)null, (DateTimeOffset?)null);
        for (var minute = 0; minute < 4 * 60 && ended is null; minute++)
        {
            hub.Wait(60);
            if (hub.Find("sales").StartingRun is { } run)
            {
                began ??= hub.Now;
                hub.Ready(run.Id.Value);
            }

            // Those who look at it have two minutes' notice of an end that is due by the clock.
            ended = Stop(hub, "sales") is { } stop && stop == hub.Now + Idleness.Notice ? hub.Now : null;
        }

        (began, ended).Should().Be((begins is null ? null : At(begins), ends is null ? null : At(ends)));
    }

    [Fact]
    public void A_machine_that_slept_over_the_begin_of_the_hours_starts_what_is_kept()
    {
        var hub = new DrivenHub(Sales with { MinRuns = 1, WarmHours = Hours("Tue 08:00-18:00") });
        hub.Wait(60);
        hub.Status("sales").Should().Be(InstanceStatus.Stopped);
        hub.Slept = TimeSpan.FromHours(20);
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Starting);
    }

    [Fact]
    public void The_end_of_what_kept_a_run_is_told_before_it_is_stopped()
    {
        var hub = new DrivenHub(Warm);
        hub.Ready(1);
        hub.Wait(36000);
        Stop(hub, "sales").Should().BeNull();
        hub.Register(Sales);
        Stop(hub, "sales").Should().Be(hub.Now + Idleness.Notice);
        hub.Wait(119);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        hub.Wait(1);
        hub.Status("sales").Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public void Who_uses_it_after_its_hours_has_the_whole_idle_time_and_a_short_one_halves_the_notice()
    {
        var hub = new DrivenHub(Warm);
        hub.Ready(1);
        hub.Wait(36000);
        hub.Register(Sales);
        hub.Use(1);
        Stop(hub, "sales").Should().Be(hub.Now.AddMinutes(30));

        var quick = new DrivenHub(Warm with { IdleTimeout = TimeSpan.FromMinutes(1) });
        quick.Ready(1);
        quick.Wait(36000);
        quick.Register(Sales with { IdleTimeout = TimeSpan.FromMinutes(1) });
        Stop(quick, "sales").Should().Be(quick.Now.AddSeconds(30));
    }

    [Fact]
    public void Of_an_app_with_runs_of_their_own_the_ones_used_last_are_kept()
    {
        var hub = new DrivenHub(Own with { MinRuns = 2 });
        hub.Run("sales@kim", 1);
        hub.Run("sales@lee", 2);
        hub.Run("sales@may", 3);
        hub.Wait(60);
        hub.Use(1);
        hub.Wait(1800);
        hub.State.Instances.Values.Select(instance => (instance.Key.ToString(), instance.Status)).Should().Equal(
            ("sales@kim", InstanceStatus.Running), ("sales@lee", InstanceStatus.Stopping), ("sales@may", InstanceStatus.Running));
    }

    [Fact]
    public void Nothing_is_started_ahead_of_a_visit_where_nobody_knows_whose_it_would_be() =>
        new DrivenHub(Own).State.Instances.Should().BeEmpty();

    [Fact]
    public void Of_two_used_at_the_same_moment_one_is_kept()
    {
        var hub = new DrivenHub(Own);
        hub.Run("sales@kim", 1);
        hub.Run("sales@lee", 2);
        hub.Wait(86400);
        (hub.Status("sales@kim"), hub.Status("sales@lee")).Should().Be((InstanceStatus.Stopping, InstanceStatus.Running));
    }

    [Fact]
    public void Another_apps_runs_keep_and_cost_nothing()
    {
        var hub = new DrivenHub(Own, DrivenHub.App("other") with { Instances = InstanceMode.PerUser });
        hub.Run("sales@kim", 1);
        hub.Wait(10);
        hub.Run("other@kim", 2);
        hub.Wait(86400);
        (hub.Status("sales@kim"), hub.Status("other@kim")).Should().Be((InstanceStatus.Running, InstanceStatus.Stopping));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static WeekHours Hours(string text) => WeekHours.TryParse(text, out var window) ? WeekHours.Of([window]) : throw new FormatException(text);

    private static DateTimeOffset? Stop(DrivenHub hub, string name) =>
        hub.State.Find(DrivenHub.Key(name)) is { ReadyRun: { } run } instance ? Idleness.Stop(instance, run, hub.Limits) : null;
}
