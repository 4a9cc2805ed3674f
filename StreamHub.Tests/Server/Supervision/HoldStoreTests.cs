using System.Net;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Audit;
using StreamHub.Server.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>What admins have stopped stays stopped over a restart of the hub, on a directory that this test keeps.</summary>
public sealed class HoldStoreTests : IDisposable
{
    private readonly string directory = TestDirectory.Create();

    private string File => Path.Combine(directory, "holds.json");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_hold_with_its_words_survives_and_is_over_when_it_is_time()
    {
        InstanceKey sales, other;
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
        await using (var hub = await FullHub.StartAsync(directory))
        {
            (sales, other) = (await hub.AddAppAsync("sales"), await hub.AddAppAsync("other"));
            (await hub.Control.StopAsync(sales, "New figures", end, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            (await hub.Control.StopAsync(other, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            (await hub.Control.StartAsync(other, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        }

        await using var next = await FullHub.StartAsync(directory);
        next.Supervisor.Post(new HubEvent.Requested(sales));
        await next.RunAsync(other);
        next.Control.HoldOf(sales).Should().Be(new Hold("test", "New figures", end));
        next.Supervisor.State.Find(sales)!.Runs.Should().BeEmpty();

        (await next.Control.StopAsync(sales, "Just a moment", TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5), FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        await next.WaitForAsync(sales, instance => instance.Desired is Desired.Off);
        await next.RunAsync(sales);
    }

    [Fact]
    public async Task A_hold_survives_though_whoever_asked_for_it_left_before_it_took_effect()
    {
        InstanceKey sales;
        await using (var hub = await FullHub.StartAsync(directory))
        {
            sales = await hub.AddAppAsync("sales");
            using var gone = new CancellationTokenSource();
            var asked = hub.Control.StopAsync(sales, "New figures", null, FullHub.Actor, gone.Token);
            await Eventually.TrueAsync(async () => (await hub.Get<AuditLog>().LatestAsync(AuditFilter.All, null, 1, CancellationToken.None)) is [{ Action: "app.stop" }]);
            await gone.CancelAsync();
            (await asked).Succeeded.Should().BeTrue();
        }

        await using var next = await FullHub.StartAsync(directory);
        next.Control.HoldOf(sales)!.Text.Should().Be("New figures");
    }

    [Fact]
    public async Task Only_what_is_held_or_released_is_written_down()
    {
        await using var hub = await FullHub.StartAsync(directory);
        var key = await hub.AddAppAsync("sales");
        (await hub.Control.StartAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await hub.Control.RestartAsync(key, drain: true, null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        System.IO.File.Exists(File).Should().BeFalse();

        (await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await System.IO.File.ReadAllTextAsync(File)).Should().Contain("sales");
        (await hub.Control.RestartAsync(key, drain: true, null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await System.IO.File.ReadAllTextAsync(File)).Should().NotContain("sales");
    }

    [Fact]
    public async Task What_admins_say_when_they_stop_and_restart_is_in_the_audit()
    {
        await using var hub = await FullHub.StartAsync(directory);
        var key = await hub.AddAppAsync("sales");
        var past = DateTimeOffset.UnixEpoch;
        (await hub.Control.StopAsync(key, "Too late", past, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeFalse();
        (await hub.Control.StopAsync(key, "New figures", null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await hub.Control.StartAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await hub.Control.RestartAsync(key, drain: false, "A new version", FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await hub.Control.BeginMaintenanceAsync("Too late", past, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeFalse();
        (await hub.Control.BeginMaintenanceAsync("We move house", null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        (await hub.Control.EndMaintenanceAsync(FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();

        var entries = await hub.Get<AuditLog>().LatestAsync(AuditFilter.All, null, 7, CancellationToken.None);
        entries.Reverse().Select(entry => $"{entry.Action} {entry.Before} {(entry.Action.EndsWith(".refused", StringComparison.Ordinal) ? "" : entry.After)}").Should().Equal(
            "app.stop.refused  ",
            """app.stop  {"by":"test","text":"New figures"}""",
            """app.start {"by":"test","text":"New figures"} """,
            """app.restart  {"drain":false,"why":"A new version"}""",
            "hub.maintenance.refused  ",
            """hub.maintenance  {"by":"test","text":"We move house"}""",
            """hub.opened {"by":"test","text":"We move house"} """);
    }

    [Fact]
    public async Task A_maintenance_survives_and_visitors_are_told()
    {
        InstanceKey key;
        await using (var hub = await FullHub.StartAsync(directory))
        {
            await hub.AddUserAsync("root", "admin", "127.0.0.1");
            key = await hub.AddAppAsync("sales");
            await hub.RunAsync(key);
            (await hub.Control.BeginMaintenanceAsync("We move house", null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            await hub.WaitForAsync(key, instance => instance.Runs.IsEmpty);
        }

        await using var next = await FullHub.StartAsync(directory);
        using var client = new HttpClient { BaseAddress = next.Users };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        using var answer = await client.GetAsync("app/sales/");
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("We move house");
        next.Supervisor.State.Find(key)!.Runs.Should().BeEmpty();
        (await next.Control.StartAsync(key, FullHub.Actor, CancellationToken.None)).Errors.Should().ContainSingle().Which.Message.Should().Contain("in maintenance");

        (await next.Control.EndMaintenanceAsync(FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        await next.RunAsync(key);
    }

    [Theory]
    [InlineData("{ torn", true)]
    [InlineData("null", true)]
    [InlineData("""{ "holds": [ { "app": "no such slug!", "user": null, "hold": { "by": "kim" } } ] }""", false)]
    public async Task A_file_that_cannot_be_read_holds_nothing_is_kept_aside_and_the_hub_starts_all_the_same(string content, bool isKept)
    {
        await using (var hub = await FullHub.StartAsync(directory))
        {
            var key = await hub.AddAppAsync("sales");
            (await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        }

        await System.IO.File.WriteAllTextAsync(File, content);
        await using var next = await FullHub.StartAsync(directory);
        await next.RunAsync(new InstanceKey(AppSlug.Parse("sales")));
        next.Get<HoldStore>().Read().Holds.Should().BeEmpty();

        (await next.Control.BeginMaintenanceAsync(null, null, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        next.Control.UnreadHolds.Should().Be(isKept ? File + ".unreadable-1" : null);
        if (isKept)
        {
            (await System.IO.File.ReadAllTextAsync(File + ".unreadable-1")).Should().Be(content);
            System.IO.File.Delete(File + ".unreadable-1");
            next.Control.UnreadHolds.Should().BeNull();
        }
    }

    [Fact]
    public async Task A_hold_goes_with_its_app_and_another_of_that_name_is_not_held()
    {
        await using (var hub = await FullHub.StartAsync(directory))
        {
            var (key, other) = (await hub.AddAppAsync("sales"), await hub.AddAppAsync("other"));
            (await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            (await hub.Control.StopAsync(other, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            (await hub.Editor.RemoveAppAsync("sales", FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
            await hub.RunAsync(await hub.AddAppAsync("sales"));
        }

        await using var next = await FullHub.StartAsync(directory);
        await next.RunAsync(new InstanceKey(AppSlug.Parse("sales")));
        next.Control.HoldOf(new InstanceKey(AppSlug.Parse("other"))).Should().Be(new Hold("test"));
    }

    [Fact]
    public async Task Of_two_who_write_at_once_the_later_has_the_last_word()
    {
        await using var hub = await FullHub.StartAsync(directory);
        var key = await hub.AddAppAsync("sales");
        var store = hub.Get<HoldStore>();
        var older = hub.Supervisor.State;
        hub.Supervisor.Post(new HubEvent.StopRequested(key, new Hold("kim")));
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);
        var second = new Thread(() => store.Keep(() => hub.Supervisor.State));

        store.Keep(() =>
        {
            // Whoever comes now either waits until this is written, or has written already.
            second.Start();
            SpinWait.SpinUntil(() => !second.IsAlive || second.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin));
            return older;
        });
        second.Join();

        store.Read().Holds.Should().ContainKey(key);
    }

    [Fact]
    public async Task A_hold_that_the_disk_refuses_is_done_and_said_not_to_last()
    {
        await using var hub = await FullHub.StartAsync(directory);
        var key = await hub.AddAppAsync("sales");
        await hub.RunAsync(key);
        Directory.CreateDirectory(File + ".new");

        var result = await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);

        result.Errors.Should().ContainSingle().Which.Message.Should().Contain("will be lost at a restart of the hub");
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);
    }
}
