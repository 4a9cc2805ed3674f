using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
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

namespace StreamHub.Tests.Server.Instances;

/// <summary>Ready runs that do not do their work, as real processes.</summary>
public sealed class RunChecksTests
{
    private static readonly string Apps = Path.Combine(AppContext.BaseDirectory, "Server", "Instances", "Apps");

    [Fact]
    public async Task A_server_that_stops_answering_is_stopped_and_started_again_and_leaves_a_capsule()
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:AnswerTimeout=1s", "Apps:StopGrace=1s");
        var key = await hub.AddAppAsync("silent");
        var first = (await hub.RunAsync(key)).ReadyRun!;
        await Tool.SignalAsync(first.Process!.Identity.Pid, "STOP");

        var instance = await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first.Id);

        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.Hung));
        var crash = await hub.ReadHistoryAsync(log => Task.FromResult(log.Crashes(key.App) is [var found, ..] ? found : null));
        (crash.Run, crash.Meaning).Should().Be((first.Id.Value, ExitMeaning.Hung));
        var entry = await hub.ReadHistoryAsync(async log => (await log.PageAsync(key.App, null, 50, default)).Entries.FirstOrDefault(entry => entry.Cause == nameof(TransitionCause.Hung)));
        entry.Run.Should().Be(first.Id.Value);
    }

    [Fact]
    public async Task A_server_that_is_only_to_be_shown_is_left_alone_and_well_again_when_it_answers()
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:AnswerTimeout=1s");
        var key = await AddAsync(hub, new AppEntry { Slug = "shown", Name = "Shown", Runtime = "command", Command = ["python3", Path.Combine(Apps, "server.py"), "{port}"], Hung = "show" });
        var pid = (await hub.RunAsync(key)).ReadyRun!.Process!.Identity.Pid;
        await Tool.SignalAsync(pid, "STOP");
        (await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung)).ReadyRun!.Hang!.Reason.Should().Be(HungReason.NoAnswer);

        await Tool.SignalAsync(pid, "CONT");
        (await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running)).ReadyRun!.Process!.Identity.Pid.Should().Be(pid);
    }

    [Theory]
    [InlineData("restart")]
    [InlineData("show")]
    public async Task A_script_that_never_finishes_is_found_by_a_visit_and_its_run_is_replaced_by_one_that_does_better(string policy)
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:CheckInterval=1s", "Apps:ScriptTimeout=1s");
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "runs for ever");
        var key = await AddAsync(hub, new AppEntry
        {
            Slug = "stuck",
            Name = "Stuck",
            Runtime = "streamlit",
            Script = script,
            Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(Apps, "standin") },
            Hung = policy,
        });
        var first = (await hub.RunAsync(key)).ReadyRun!;
        await File.WriteAllTextAsync(script, "ends");

        hub.Supervisor.Post(new HubEvent.Used(first.Id, IsPerson: true));

        if (policy == "show")
        {
            var shown = await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung);
            (shown.ReadyRun!.Hang!.Reason, shown.Waiting).Should().Be((HungReason.NoScript, Waiting.Nothing.Instance));
            return;
        }

        var next = (await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first.Id)).ReadyRun!;
        next.Reason.Should().Be(QueueReason.Hung);
        await hub.WaitForAsync(key, instance => instance.Runs.Length == 1);
    }

    [Theory]
    [InlineData("hangs up")]
    [InlineData("refuses")]
    public async Task A_server_that_answers_and_takes_no_session_is_hung(string habit)
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:CheckInterval=1s");
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, habit);
        var key = await AddAsync(hub, new AppEntry
        {
            Slug = "deaf",
            Name = "Deaf",
            Runtime = "streamlit",
            Script = script,
            Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(Apps, "standin") },
            Hung = "show",
        });
        var run = (await hub.RunAsync(key)).ReadyRun!;

        hub.Supervisor.Post(new HubEvent.Used(run.Id, IsPerson: true));

        (await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Hung)).ReadyRun!.Hang!.Reason.Should().Be(HungReason.NoScript);
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
            hub.Supervisor, settings with { Checks = settings.Checks with { AnswerWithin = TimeSpan.FromSeconds(1) } }, hub.Get<RuntimeAdapters>(), hub.Get<RunReports>(), hub.Get<AppConnector>(), hub.Get<RunSecrets>(),
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
        (await hub.Actions.SaveAppAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse(entry.Slug!));
    }
}
