using System.Text.Json;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Nobody loses work while apps come and go, with a real Streamlit and a real browser.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LifecycleTests
{
    [Fact]
    public async Task A_restart_leaves_an_open_tab_its_session_and_gives_a_new_one_the_new_process()
    {
        await using var sales = await SalesHub.StartAsync("--StreamHub:Apps:DrainTimeout=35s");
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsKimAsync();
            await AddAsync(app, 1);
            var old = await PidAsync(sales);

            var dashboard = await sales.OpenAdminAsync("/");
            await dashboard.GetByRole(AriaRole.Button, new() { Name = "Restart: sales" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.KimIsIdle);
            await dialog.GetByLabel("Reason (shown to these people)").FillAsync("Monthly figures");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Restart", Exact = true }).ClickAsync();
            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("Monthly figures");
            await Axe.CheckAsync(tab);
            await sales.UntilAsync("sales", row => row.GetProperty("pid").GetInt32() != old);

            var (_, other) = await sales.OpenAsKimAsync();
            await Assertions.Expect(other.GetByText("Count is 0")).ToBeVisibleAsync();
            await AddAsync(app, 2);

            // The connection breaks off; the session is found again where it lives.
            await tab.Context.SetOfflineAsync(true);
            await ConnectsAgainAsync(tab, async () =>
            {
                sales.Kim.CutConnections();
                await tab.Context.SetOfflineAsync(false);
            });
            await AddAsync(app, 3);

            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("The app was restarted", new() { Timeout = 90_000 });
            await sales.UntilAsync("sales", _ => !Directory.Exists($"/proc/{old}"));
        });
    }

    [Theory]
    [InlineData("import streamlit as st\nst.title('Sales'\n", "does not compile")]
    [InlineData("import streamlit as st\nimport nope\n", "ModuleNotFoundError")]
    public async Task A_restart_whose_new_process_cannot_serve_keeps_the_old_one_and_says_why(string broken, string why)
    {
        await using var sales = await SalesHub.StartAsync();
        var script = Path.Combine(sales.Hub.DataDirectory, "changing.py");
        await File.WriteAllTextAsync(script, "import streamlit as st\nst.title('Sales')\nst.write('as ever')\n");
        await sales.ApplyAsync(users: [], apps: [new { slug = "sales", name = "Sales", runtime = "streamlit", script }]);
        await sales.Browser.PlayAsync(async () =>
        {
            var (_, app) = await sales.OpenAsKimAsync();
            await Assertions.Expect(app.GetByText("as ever")).ToBeVisibleAsync();
            var old = await PidAsync(sales);
            await File.WriteAllTextAsync(script, broken);

            await sales.PostAsync("/api/v1/apps/sales/restart");
            await sales.UntilAsync("sales", row => row.GetProperty("problem").ValueKind == JsonValueKind.String);
            (await sales.InstanceAsync("sales")).GetProperty("problem").GetString().Should().Contain(why);
            (await PidAsync(sales)).Should().Be(old);
        });
    }

    [Fact]
    public async Task An_open_tab_that_nobody_uses_is_warned_and_can_keep_its_app()
    {
        await using var sales = await SalesHub.StartAsync("--StreamHub:Apps:IdleTimeout=15s");
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsKimAsync();
            var banner = tab.Locator(".banner");
            await Assertions.Expect(banner).ToContainTextAsync("Nobody has used this app");
            await banner.GetByRole(AriaRole.Button, new() { Name = "Keep running" }).ClickAsync();
            await Assertions.Expect(banner).ToBeHiddenAsync();
            await Assertions.Expect(banner).ToContainTextAsync("Nobody has used this app");
            await Axe.CheckAsync(tab);

            await sales.UntilAsync("sales", row => row.GetProperty("status").GetString() == "stopped");
            await Assertions.Expect(banner).ToContainTextAsync("The app does not run now");

            var (_, again) = await sales.OpenAsKimAsync();
            await Assertions.Expect(again.GetByText("Count is 0")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task Visitors_for_whose_apps_there_is_no_room_wait_in_line_and_come_in_by_themselves()
    {
        await using var sales = await SalesHub.StartAsync("--StreamHub:Apps:MaxRunning=1", "--StreamHub:Apps:IdleTimeout=25s");
        await sales.ApplyAsync(
            users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales", "second", "third" } }],
            apps:
            [
                new { slug = "second", name = "Second", runtime = "streamlit", script = SalesHub.Script("sales.py") },
                new { slug = "third", name = "Third", runtime = "streamlit", script = SalesHub.Script("sales.py") },
            ]);
        await sales.Browser.PlayAsync(async () =>
        {
            await sales.OpenAsKimAsync();
            var second = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/second/");
            await Assertions.Expect(second.Locator(".queue")).ToContainTextAsync("Number 1 in line");
            var third = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/third/");
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 2 in line");
            await third.ReloadAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 2 in line");
            await Axe.CheckAsync(third);

            await Assertions.Expect(second.GetByText("Count is 0")).ToBeVisibleAsync(new() { Timeout = 90_000 });
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("Number 1 in line");
            await Assertions.Expect(third.GetByText("Count is 0")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        });
    }

    [Fact]
    public async Task Visitors_of_an_app_with_one_seat_come_in_one_after_the_other_and_a_broken_connection_loses_no_seat()
    {
        await using var sales = await SalesHub.StartAsync();
        await using var lee = new SourceForwarder("127.0.0.8", sales.Hub.UsersPort);
        await using var park = new SourceForwarder("127.0.0.10", sales.Hub.UsersPort);
        await sales.ApplyAsync(
            users:
            [
                new { name = "lee", role = "user", addresses = new[] { "127.0.0.8" }, apps = new[] { "sales" } },
                new { name = "park", role = "user", addresses = new[] { "127.0.0.10" }, apps = new[] { "sales" } },
            ],
            apps: [new { slug = "sales", name = "Sales", runtime = "streamlit", script = SalesHub.Script("sales.py"), maxSessions = 1 }]);
        await sales.Browser.PlayAsync(async () =>
        {
            var (first, app) = await sales.OpenAsKimAsync();
            await AddAsync(app, 1);

            var second = await sales.Browser.OpenAsync(lee.Origin + "/open/sales/");
            await Assertions.Expect(second.FrameLocator("iframe").Locator(".queue")).ToContainTextAsync("Number 1 in line: 1 of 1 people are in it.");
            await Assertions.Expect(second.Locator(".banner")).ToBeHiddenAsync();
            await Axe.CheckAsync(second);
            var third = await sales.Browser.OpenAsync(park.Origin + "/app/sales/?q=7", locale: "ko-KR");
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 2번째입니다.");
            await third.ReloadAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 2번째입니다.");
            await Axe.CheckAsync(third);

            // The connection breaks off, and comes back to its own seat although others wait.
            await ConnectsAgainAsync(first, () =>
            {
                sales.Kim.CutConnections();
                return Task.CompletedTask;
            });
            await AddAsync(app, 2);
            await first.Locator("[data-action=reload]").ClickAsync();
            await Assertions.Expect(app.GetByText("Count is 0")).ToBeVisibleAsync();

            // A page that is closed may say so or just break off, and then its seat is kept for half a minute.
            await first.CloseAsync();
            await Assertions.Expect(second.FrameLocator("iframe").GetByText("Count is 0")).ToBeVisibleAsync(new() { Timeout = 90_000 });
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 1번째입니다.");
            await second.CloseAsync();
            await Assertions.Expect(third.GetByText("Query is 7")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        });
    }

    [Fact]
    public async Task A_restart_at_once_says_why_in_the_tab_which_then_follows_the_new_run()
    {
        await using var sales = await SalesHub.StartAsync("--StreamHub:Apps:IdleTimeout=24s");
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsKimAsync();
            await AddAsync(app, 1);
            await sales.PostAsync("/api/v1/apps/sales/restart?drain=false&why=Monthly+figures");

            // Streamlit's page connects to the new run by itself: what happens to that one is told, too.
            var banner = tab.Locator(".banner");
            await Assertions.Expect(banner).ToContainTextAsync("what you had not saved in it is lost. Monthly figures");
            await Axe.CheckAsync(tab);
            await Assertions.Expect(banner).ToContainTextAsync("Nobody has used this app");
            await Assertions.Expect(banner.GetByRole(AriaRole.Button, new() { Name = "Keep running" })).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_page_that_waits_goes_on_by_itself_over_the_death_of_the_hub()
    {
        await using var sales = await SalesHub.StartAsync("--StreamHub:Apps:MaxRunning=1", "--StreamHub:Apps:IdleTimeout=20s");
        await sales.ApplyAsync(
            users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales", "second" } }],
            apps: [new { slug = "second", name = "Second", runtime = "streamlit", script = SalesHub.Script("sales.py") }]);
        await sales.Browser.PlayAsync(async () =>
        {
            await sales.OpenAsKimAsync();
            var second = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/second/");
            await Assertions.Expect(second.Locator(".queue")).ToContainTextAsync("Number 1 in line");

            await sales.Hub.KillAsync();
            await sales.Hub.RestartAsync();

            await Assertions.Expect(second.GetByText("Count is 0")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        });
    }

    /// <summary>Does what breaks the app's connection off, and waits until the page has a new one.</summary>
    private static async Task ConnectsAgainAsync(IPage page, Func<Task> cut)
    {
        await page.RunAndWaitForWebSocketAsync(cut, new() { Predicate = socket => socket.Url.Contains("/_stcore/stream", StringComparison.Ordinal) });
        await Assertions.Expect(page.FrameLocator("iframe").GetByTestId("stConnectionStatus")).ToHaveCountAsync(0);
    }

    private static async Task AddAsync(IFrameLocator app, int count)
    {
        await app.GetByRole(AriaRole.Button, new() { Name = "Add one" }).ClickAsync();
        await Assertions.Expect(app.GetByText($"Count is {count}")).ToBeVisibleAsync();
    }

    private static async Task<int> PidAsync(SalesHub sales) => (await sales.InstanceAsync("sales")).GetProperty("pid").GetInt32();
}
