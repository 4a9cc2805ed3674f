using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Restarts by the clock, whatever is done to it.</summary>
public sealed class RestartClockTests : IDisposable
{
    private readonly TestTime time = new();
    private readonly ConfigurationStore configuration = new(NullLogger<ConfigurationStore>.Instance);
    private readonly HubSettings settings;
    private readonly Supervisor supervisor;

    public RestartClockTests()
    {
        settings = TestHub.NewSettings() with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        supervisor = new Supervisor(settings, new SteadyClock(time), new RunStore(settings), new MemoryGauge(), new NoEffects(), NullLogger<Supervisor>.Instance);
    }

    public void Dispose()
    {
        supervisor.Dispose();
        Directory.Delete(settings.DataDirectory, recursive: true);
    }

    [Theory]
    [InlineData("0 3 * * *", null, "2026-03-02T01:59:58Z", "2026-03-02T02:00:03Z", true)]
    [InlineData("0 3 * * *", null, "2026-03-02T02:00:00Z", "2026-03-02T02:00:05Z", false)]
    [InlineData("0 3 * * *", "Asia/Seoul", "2026-03-01T17:59:58Z", "2026-03-01T18:00:03Z", true)]
    [InlineData("0 3 * * 1-5", null, "2026-03-01T01:59:58Z", "2026-03-01T02:00:03Z", false)]
    [InlineData("not a schedule", null, "2026-03-02T01:59:58Z", "2026-03-02T02:00:03Z", false)]
    [InlineData(null, null, "2026-03-02T01:59:58Z", "2026-03-02T02:00:03Z", false)]

    // On 29 March there is no 02:30 in Berlin: it comes when the missing hour is over. On 25 October it is there twice, and comes once.
    [InlineData("30 2 * * *", null, "2026-03-29T00:59:58Z", "2026-03-29T01:00:03Z", true)]
    [InlineData("30 2 * * *", null, "2026-03-29T01:29:58Z", "2026-03-29T01:30:03Z", false)]
    [InlineData("30 2 * * *", null, "2026-10-25T00:29:58Z", "2026-10-25T00:30:03Z", true)]
    [InlineData("30 2 * * *", null, "2026-10-25T01:29:58Z", "2026-10-25T01:30:03Z", false)]
    public void An_app_is_due_once_by_the_wall_clock_of_its_zone(string? cron, string? zone, string before, string now, bool isDue)
    {
        Schedule(cron, zone);
        var clock = Clock(before);
        clock.Look(At(now)).Count.Should().Be(isDue ? 1 : 0);
        clock.Look(At(now).AddSeconds(5)).Should().BeEmpty();
    }

    [Fact]
    public void A_clock_that_is_set_back_a_little_makes_no_moment_come_twice()
    {
        Schedule("0 4 * * *");
        var clock = Clock("2026-03-02T02:59:58Z");
        clock.Look(At("2026-03-02T03:00:03Z")).Should().ContainSingle();
        clock.Look(At("2026-03-02T02:59:01Z")).Should().BeEmpty();
        clock.Look(At("2026-03-02T03:00:01Z")).Should().BeEmpty();
        clock.Look(At("2026-03-02T03:00:06Z")).Should().BeEmpty();
        clock.Look(At("2026-03-03T02:59:58Z")).Should().BeEmpty();
        clock.Look(At("2026-03-03T03:00:03Z")).Should().ContainSingle("the next night comes as ever");
    }

    [Fact]
    public void A_clock_that_was_years_ahead_does_not_silence_the_schedule_until_then()
    {
        Schedule("0 4 * * *");
        var clock = Clock("2031-01-01T00:00:00Z");
        clock.Look(At("2026-03-02T02:59:58Z")).Should().BeEmpty();
        clock.Look(At("2026-03-02T03:00:03Z")).Should().ContainSingle();
    }

    [Fact]
    public void What_came_due_while_the_machine_slept_is_left_out()
    {
        Schedule("0 4 * * *");
        var clock = Clock("2026-03-02T02:50:00Z");
        clock.Look(At("2026-03-02T07:00:00Z")).Should().BeEmpty();
        clock.Look(At("2026-03-02T07:00:05Z")).Should().BeEmpty();
    }

    [Fact]
    public async Task When_it_is_time_a_fresh_run_is_started_beside_the_one_that_serves()
    {
        Schedule("0 4 * * *");
        using var clock = Clock("2026-03-02T02:59:00Z");
        var (key, run) = (new InstanceKey(AppSlug.Parse("a")), new RunId(1));
        await supervisor.StartAsync(CancellationToken.None);
        await clock.StartAsync(CancellationToken.None);
        supervisor.Post(new HubEvent.AppsChanged(configuration.Current.Apps));
        supervisor.Post(new HubEvent.Requested(key));
        supervisor.Post(new HubEvent.Launched(run, new RunProcess(new ProcessIdentity(1, 1, "test"), new AppEndpoint(1))));
        supervisor.Post(new HubEvent.BecameReady(run));
        await supervisor.WaitForAsync(state => state.Find(key)?.ReadyRun is not null, CancellationToken.None);

        await time.BeginsAsync(RestartClock.Interval);
        time.Advance(TimeSpan.FromSeconds(59));
        await supervisor.AskAsync(HubEvent.Tick.Instance);
        supervisor.State.Find(key)!.StartingRun.Should().BeNull();
        time.Advance(TimeSpan.FromSeconds(5));
        var due = await supervisor.WaitForAsync(state => state.Find(key)!.StartingRun is not null, TestContext.Current.CancellationToken);
        due.Find(key).Should().Match<Instance>(instance => instance.ReadyRun!.Id == run && instance.StartingRun!.Reason == QueueReason.Schedule);
        await clock.StopAsync(CancellationToken.None);
        await supervisor.StopAsync(CancellationToken.None);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private void Schedule(string? cron, string? zone = null) => configuration.Swap(HubConfiguration.Create(
        [], [new App(AppSlug.Parse("a"), "A", new AppRuntime.Demo()) { Restart = cron is null ? null : new RestartSchedule(cron, zone) }]));

    private RestartClock Clock(string begins)
    {
        time.AdjustTime(At(begins));
        return new RestartClock(supervisor, configuration, settings, time, NullLogger<RestartClock>.Instance);
    }
}
