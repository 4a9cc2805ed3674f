using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Audit;
using StreamHub.Server.Entries;
using StreamHub.Server.Health;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Health;

/// <summary>Ready runs that do not do their work, as real processes.</summary>
public sealed class RunChecksTests
{
    private static readonly string Apps = Path.Combine(AppContext.BaseDirectory, "Server", "Apps");

    [Fact]
    public async Task A_server_that_stops_answering_is_shown_then_stopped_and_started_again_and_leaves_a_capsule()
    {
        await using var hub = await StartAsync("Apps:AnswerTimeout=2s", "Apps:StopGrace=1s");
        var key = await hub.AddAppAsync("silent");
        var first = (await hub.RunAsync(key)).ReadyRun!;
        await Tool.SignalAsync(first.Process!.Identity.Pid, "STOP");

        var shown = await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung);
        shown.ReadyRun!.Hang.Should().Match<RunHang>(hang => hang.Reason == HungReason.NoAnswer && hang.Ends - hang.Since == TimeSpan.FromSeconds(2));
        var instance = await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first.Id);

        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.Hung));
        var crash = await hub.ReadHistoryAsync(log => Task.FromResult(log.Crashes(key.App) is [var found, ..] ? found : null));
        (crash.Run, crash.Meaning).Should().Be((first.Id.Value, ExitMeaning.Hung));
        var entry = await hub.ReadHistoryAsync(async log => (await log.PageAsync(key.App, null, 50, default)).Entries.FirstOrDefault(entry => entry.Cause == nameof(TransitionCause.Hung)));
        entry.Run.Should().Be(first.Id.Value);
    }

    [Fact]
    public async Task A_server_that_computes_and_answers_nobody_is_busy_until_the_script_timeout()
    {
        await using var hub = await StartAsync("Apps:AnswerTimeout=1s", "Apps:ScriptTimeout=4s", "Apps:StopGrace=1s");
        var key = await hub.AddAppAsync("busy");
        var first = (await hub.RunAsync(key)).ReadyRun!;
        using var client = new HttpClient();
        var spinning = client.GetAsync($"{first.Process!.Endpoint.Origin}/spin");

        var busy = await hub.WaitForAsync(key, instance => instance.ReadyRun?.Hang is not null);

        (busy.Status, busy.ReadyRun!.Hang!.Reason, busy.ReadyRun.Id).Should().Be((InstanceStatus.Running, HungReason.Busy, first.Id));
        var ended = await hub.WaitForAsync(key, instance => instance.LastExit is not null);
        ended.LastExit!.Should().Match<RunExit>(exit => exit.Outcome == new ExitOutcome.Ended(StopReason.Hung) && exit.Lived >= TimeSpan.FromSeconds(4));
        await FluentActions.Awaiting(() => spinning).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_server_that_is_only_to_be_shown_is_left_alone_and_well_again_when_it_answers()
    {
        await using var hub = await StartAsync("Apps:AnswerTimeout=1s");
        var key = await AddAsync(hub, new AppEntry { Slug = "shown", Name = "Shown", Runtime = "command", Command = ["python3", Path.Combine(Apps, "server.py"), "{port}"], Hung = "show" });
        var pid = (await hub.RunAsync(key)).ReadyRun!.Process!.Identity.Pid;
        await Tool.SignalAsync(pid, "STOP");
        (await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung)).ReadyRun!.Hang!.Reason.Should().Be(HungReason.NoAnswer);

        await Tool.SignalAsync(pid, "CONT");
        (await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running)).ReadyRun!.Process!.Identity.Pid.Should().Be(pid);
    }

    [Theory]
    [InlineData("ends", null)]
    [InlineData("runs for ever", HungReason.Silent)]
    [InlineData("sends for ever", null)]
    [InlineData("hangs up", HungReason.NoSession)]
    [InlineData("refuses", HungReason.NoSession)]
    public async Task A_visit_finds_what_a_new_visitor_would(string habit, HungReason? expected)
    {
        await using var hub = await StartAsync("Apps:CheckInterval=1s", "Apps:ScriptTimeout=1s");
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, habit);
        var key = await AddAsync(hub, Standin("visited", script) with { Hung = "show" });
        var run = (await hub.RunAsync(key)).ReadyRun!;

        hub.Supervisor.Post(new HubEvent.Used(run.Id, IsPerson: true));

        if (expected is { } reason)
        {
            (await hub.WaitForAsync(key, instance => instance.ReadyRun?.Hang is not null)).ReadyRun!.Hang!.Reason.Should().Be(reason);
            return;
        }

        // Found first, so that the visit is known to have been.
        await File.WriteAllTextAsync(script, "runs for ever");
        await hub.WaitForAsync(key, instance => instance.ReadyRun?.Hang is not null);
        await File.WriteAllTextAsync(script, habit);
        await hub.WaitForAsync(key, instance => instance.ReadyRun is { Hang: null });
    }

    [Fact]
    public async Task A_silent_script_ends_nothing_and_an_app_without_test_visits_is_not_visited()
    {
        await using var hub = await StartAsync("Apps:CheckInterval=1s", "Apps:ScriptTimeout=1s");
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "runs for ever");
        var (visited, left) = (await AddAsync(hub, Standin("visited", script)), await AddAsync(hub, Standin("left", script) with { Checks = "off" }));
        var runs = ((await hub.RunAsync(visited)).ReadyRun!, (await hub.RunAsync(left)).ReadyRun!);
        hub.Supervisor.Post(new HubEvent.Used(runs.Item2.Id, IsPerson: true));
        hub.Supervisor.Post(new HubEvent.Used(runs.Item1.Id, IsPerson: true));

        var shown = await hub.WaitForAsync(visited, instance => instance.ReadyRun?.Hang is not null);

        (shown.Status, shown.ReadyRun!.Hang!.Reason, shown.ReadyRun.Hang.Ends).Should().Be((InstanceStatus.Running, HungReason.Silent, null));
        hub.Get<RunOutput>().Tail(runs.Item1.Id, 10).Should().Contain("visited by the hub");
        hub.Get<RunOutput>().Tail(runs.Item2.Id, 10).Should().NotContain("visited by the hub");
    }

    [Theory]
    [InlineData("runs for ever")]
    [InlineData("sends for ever")]
    [InlineData("ends")]
    public async Task A_restart_with_drain_takes_over_whether_or_not_its_script_ends(string habit)
    {
        // Longer where that was too short for this machine to start a Python.
        foreach (var limit in (int[])[4, 16, 64])
        {
            await using var hub = await StartAsync("Apps:CheckInterval=never", $"Apps:StartTimeout={limit}s");
            var script = Path.Combine(TestDirectory.Create(), "app.py");
            await File.WriteAllTextAsync(script, habit);
            var key = await AddAsync(hub, Standin("board", script));
            var first = (await hub.RunAsync(key)).ReadyRun!;

            await hub.Control.RestartAsync(key, drain: true, null, FullHub.Actor, CancellationToken.None);

            if ((await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first.Id)).LastExit is not { } exit)
            {
                return;
            }

            limit.Should().BeLessThan(64, "a run ended: {0}", exit);
        }
    }

    [Fact]
    public async Task A_run_that_recovers_while_the_machine_sleeps_is_shown_well_again()
    {
        // The hub's own checks say nothing so soon: these are the ones under test.
        await using var hub = await FullHub.StartAsync(null, "Apps:AnswerTimeout=1h");
        var key = await AddAsync(hub, new AppEntry { Slug = "shown", Name = "Shown", Runtime = "command", Command = ["python3", Path.Combine(Apps, "server.py"), "{port}"], Hung = "show" });
        var settings = hub.Get<HubSettings>();
        var time = new ShiftedTime();
        using var checks = new RunChecks(
            hub.Supervisor, hub.Get<RunUses>(), settings with { Checks = settings.Checks with { AnswerWithin = TimeSpan.FromSeconds(1) } }, hub.Get<RuntimeAdapters>(), hub.Get<RunReports>(), hub.Get<RunReadings>(), hub.Get<AppConnector>(), hub.Get<RunSecrets>(),
            new SteadyClock(time), NullLogger<RunChecks>.Instance);
        await checks.StartAsync(CancellationToken.None);
        var pid = (await hub.RunAsync(key)).ReadyRun!.Process!.Identity.Pid;
        await Tool.SignalAsync(pid, "STOP");
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung);

        time.Shift = TimeSpan.FromHours(1);
        await Tool.SignalAsync(pid, "CONT");

        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running);
        await checks.StopAsync(CancellationToken.None);
    }

    private static Task<FullHub> StartAsync(params string[] settings) => FullHub.StartVariantAsync(
        new HubVariant(static settings => settings with { Checks = settings.Checks with { AnswerEvery = TimeSpan.FromMilliseconds(100) } }), null, settings);

    private static AppEntry Standin(string slug, string script) => new()
    {
        Slug = slug, Name = slug, Runtime = "streamlit", Script = script, Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(Apps, "standin") },
    };

    /// <summary>The machine's own time, put ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long shift;

        public TimeSpan Shift
        {
            set => Volatile.Write(ref shift, (long)(value.TotalSeconds * TimestampFrequency));
        }

        public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref shift);
    }

    private static async Task<InstanceKey> AddAsync(FullHub hub, AppEntry entry)
    {
        (await hub.Editor.SaveAppAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse(entry.Slug!));
    }
}
