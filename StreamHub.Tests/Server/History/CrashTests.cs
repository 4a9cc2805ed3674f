using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Server.History;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;
using StreamHub.Server.Telemetry;

namespace StreamHub.Tests.Server.History;

/// <summary>What is kept of apps that really crash.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData("import nope", ExitMeaning.Failed, "exit code 1", "ModuleNotFoundError: No module named 'nope'")]
    [InlineData("import os; print('so far', flush=True); os.abort()", ExitMeaning.Aborted, "SIGABRT (6)", null)]
    [InlineData("import sys; sys.exit(3)", ExitMeaning.Failed, "exit code 3", null)]
    [InlineData("import os; os.kill(os.getpid(), 9)", ExitMeaning.Killed, "SIGKILL (9)", null)]
    [InlineData("import os; print('KeyError: 1', flush=True); os.kill(os.getpid(), 9)", ExitMeaning.Killed, "SIGKILL (9)", null)]
    [InlineData("raise MemoryError", ExitMeaning.NoMemory, "exit code 1", "MemoryError")]
    [InlineData("for i in range(200): print(i)", ExitMeaning.Finished, "exit code 0", null)]
    public async Task The_cause_is_decoded(string code, ExitMeaning meaning, string name, string? errorLine)
    {
        await using var hub = await FullHub.StartAsync();
        var key = await AddAsync(hub, code);

        hub.Supervisor.Post(new HubEvent.Requested(key));
        var crash = await FirstAsync(hub, key);

        (crash.Meaning, crash.Code, crash.ErrorLine, crash.Run).Should().Be((meaning, name, errorLine, 1));
        crash.Log.Count.Should().BeLessThanOrEqualTo(50);
        crash.Change!.Should().Match<CrashReport.LastChange>(change => change.What == "app.created" && change.By == "test" && change.At <= crash.At);
    }

    [Fact]
    public async Task A_run_that_served_leaves_its_memory_its_sessions_and_its_output()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        var key = await hub.AddAppAsync("served");
        var run = (await hub.RunAsync(key)).ReadyRun!;
        hub.Supervisor.Post(new HubEvent.SessionOpened(run.Id));
        await hub.WaitForAsync(key, instance => instance.ReadyRun?.Sessions == 1);
        await SampledAsync(hub, row => row.Key == "served" && row.Sessions == 1, times: 2);

        using (var process = Process.Start("kill", ["-9", $"{run.Process!.Identity.Pid}"]))
        {
            await process.WaitForExitAsync();
        }

        var crash = await FirstAsync(hub, key);
        (crash.Meaning, crash.Code, crash.Sessions).Should().Be((ExitMeaning.Killed, "SIGKILL (9)", 1));
        crash.Memory.Count.Should().BeGreaterThanOrEqualTo(2);
        crash.Memory[^1].Should().BeGreaterThan(1 << 20);
        crash.Log.Should().Contain("started with");

        using var client = new HttpClient { BaseAddress = hub.Admin };
        var told = await client.GetFromJsonAsync<JsonElement>("api/v1/apps/served/crashes");
        told[0].GetProperty("meaning").GetString().Should().Be("killed");
    }

    [Theory]
    [InlineData("en", "The app stopped because of an error in its own code.", "The admins see this message", "It has failed too often to be tried again by itself.")]
    [InlineData("ko", "앱 코드의 오류로 앱이 멈췄습니다.", "관리자에게도 이 내용이 전달됩니다.", "여러 번 실패하여 자동으로 다시 시도하지 않습니다.")]
    public async Task Its_visitor_is_told_what_happened_who_knows_and_what_comes_next(string language, params string[] words)
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        var key = await AddAsync(hub, "import nope");
        hub.Supervisor.Post(new HubEvent.Requested(key));
        await hub.WaitForAsync(key, instance => instance.Waiting is Waiting.Quarantined);

        using var client = new HttpClient { BaseAddress = hub.Users };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        using var answer = await client.GetAsync("app/bad/");

        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Should().ContainAll(words);
    }

    [Fact]
    public async Task What_went_wrong_is_read_at_the_end_of_the_run_and_told_from_there()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        var key = await AddAsync(hub, "import nope");
        hub.Supervisor.Post(new HubEvent.Requested(key));
        var failed = await hub.WaitForAsync(key, instance => instance.Waiting is Waiting.Quarantined);
        File.Delete(hub.Get<RunStore>().OutputFile(failed.LastExit!.Run));

        using var client = new HttpClient { BaseAddress = hub.Users };
        var all = await client.GetFromJsonAsync<JsonElement>("_hub/apps");
        var bad = all.GetProperty("apps").GetProperty("bad");
        (bad.GetProperty("failure").GetString(), bad.GetProperty("log").GetArrayLength()).Should().Be(("ModuleNotFoundError: No module named 'nope'", 0));
        var one = await client.GetFromJsonAsync<JsonElement>("_hub/apps/bad/status");
        one.GetProperty("log").EnumerateArray().Last().GetString().Should().Be("ModuleNotFoundError: No module named 'nope'");
        await SampledAsync(hub, row => row.Key == "bad" && row.Problem == "ModuleNotFoundError: No module named 'nope'", times: 1);
    }

    [Fact]
    public async Task The_last_change_of_an_app_is_read_once_from_the_audit()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await AddAsync(hub, "import nope");
        var contexts = hub.Get<IDbContextFactory<HubDbContext>>();
        var changes = new AppChanges(contexts);
        (await changes.FindAsync(key.App))!.What.Should().Be("app.created");
        var entry = new AppEntry { Slug = "bad", Name = "Worse", Runtime = "command", Command = ["python3"] };
        (await hub.Editor.SaveAppAsync(entry, original: "bad", FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        (await changes.FindAsync(key.App))!.What.Should().Be("app.changed");

        await using var db = await contexts.CreateDbContextAsync();
        await db.Database.ExecuteSqlRawAsync("DROP TRIGGER audit_keeps_rows; DELETE FROM audit");
        (await changes.FindAsync(key.App))!.What.Should().Be("app.changed", "no entry is read a second time");
        (await changes.FindAsync(AppSlug.Parse("demo"))).Should().BeNull();
    }

    [Fact]
    public async Task What_the_hub_refused_is_not_called_a_kill()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddAppAsync("exposed", "exposed");

        hub.Supervisor.Post(new HubEvent.Requested(key));
        var crash = await FirstAsync(hub, key);

        crash.Meaning.Should().Be(ExitMeaning.Refused);
        crash.ErrorLine.Should().Contain("must listen on 127.0.0.1 only");
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_is_no_crash_and_twenty_are_kept()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddAppAsync("calm");
        await hub.RunAsync(key);
        await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);
        hub.Get<HistoryLog>().Crashes(key.App).Should().BeEmpty();

        var store = hub.Get<CrashReportStore>();
        for (var run = 1; run <= 25; run++)
        {
            store.Keep(new CrashReport("calm", null, run, DateTimeOffset.UnixEpoch, TimeSpan.Zero, ExitMeaning.Failed, null, null, [], [], 0, null));
        }

        await File.WriteAllTextAsync(Path.Combine(hub.Directory, "crashes", "calm", $"{new RunId(25)}.json"), "{ torn");
        store.All(key.App).Select(crash => crash.Run).Should().Equal(Enumerable.Range(6, 19).Reverse().Select(run => (long)run));
    }

    private static async Task<InstanceKey> AddAsync(FullHub hub, string code)
    {
        var entry = new AppEntry { Slug = "bad", Name = "Bad", Runtime = "command", Command = ["python3", "-c", code] };
        (await hub.Editor.SaveAppAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse("bad"));
    }

    private static Task<CrashReport> FirstAsync(FullHub hub, InstanceKey key) =>
        hub.ReadHistoryAsync(log => Task.FromResult(log.Crashes(key.App) is [.., var first] ? first : null));

    private static async Task SampledAsync(FullHub hub, Func<InstanceSample, bool> condition, int times)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        await foreach (var snapshot in hub.Get<LiveFeed>().Subscribe(patience.Token))
        {
            if (snapshot.Instances.Any(condition) && --times == 0)
            {
                return;
            }
        }
    }
}
