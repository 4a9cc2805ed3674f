using System.Text.Json;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Nobody loses work while apps come and go, with a real Streamlit and a real browser.</summary>
public sealed class LifecycleTests(UsualHub shared, QuickHub quick) : IClassFixture<UsualHub>, IClassFixture<QuickHub>
{
    [Fact]
    public async Task A_restart_leaves_an_open_tab_its_session_and_gives_a_new_one_the_new_process()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsKimAsync();
            await AddAsync(app, 1);
            await sales.SessionsAsync("sales", 1);
            var old = await sales.PidAsync("sales");

            var dashboard = await sales.OpenAdminAsync("/");
            await dashboard.GetByRole(AriaRole.Button, new() { Name = "Restart: sales" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.IsIdle("kim", "127.0.0.7"));
            await dialog.GetByLabel("Reason (shown to these people)").FillAsync("Monthly figures");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Restart", Exact = true }).ClickAsync();
            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("Monthly figures");
            await Axe.CheckAsync(tab);
            await sales.PidAsync("sales", other: old);

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
        });
    }

    [Theory]
    [InlineData("stored", null, 11)] // One that was cut off, and one that left.
    [InlineData("stored-by-author", "60", 2)] // Streamlit's own storage has both.
    public async Task A_session_that_was_cut_off_is_kept_apart_from_one_whose_tab_left(string slug, string? ttl, int expected)
    {
        var sales = await shared.GetAsync();
        var env = ttl is null ? [] : new Dictionary<string, string> { ["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = ttl };
        await sales.SaveAppAsync(slug, new { name = slug, runtime = "streamlit", script = SalesHub.Script("stored.py"), env });
        using var admin = new PersonaClient("127.0.0.1");
        await sales.PostAsync($"/api/v1/apps/{slug}/start");
        await sales.PidAsync(slug);
        using StreamlitVisitor stays = new(admin, sales.Hub.UsersOrigin, slug), leaves = new(admin, sales.Hub.UsersOrigin, slug), breaks = new(admin, sales.Hub.UsersOrigin, slug);
        foreach (var visitor in (StreamlitVisitor[])[stays, leaves, breaks])
        {
            await visitor.OpenAsync();
        }

        stays.Count.Should().Be(0);
        await leaves.LeaveAsync();
        breaks.Dispose();
        await Eventually.TrueAsync(async () =>
        {
            await stays.AddAsync();
            return stays.Count == expected;
        });
        await sales.PostAsync($"/api/v1/apps/{slug}/stop");
    }

    [Fact]
    public async Task A_tab_on_a_replaced_run_is_told_when_that_has_ended_and_nothing_is_left_of_it()
    {
        var sales = await quick.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsKimAsync();
            await sales.SessionsAsync("sales", 1);
            var old = await sales.PidAsync("sales");
            await sales.PostAsync("/api/v1/apps/sales/restart");
            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("The app was restarted");
            await sales.UntilAsync("sales", _ => !Directory.Exists($"/proc/{old}"));
        });
    }

    [Theory]
    [InlineData("syntax", "import streamlit as st\nst.title('Sales'\n", "does not compile")]
    [InlineData("module", "import streamlit as st\nimport nope\n", "ModuleNotFoundError")]
    public async Task A_restart_whose_new_process_cannot_serve_keeps_the_old_one_and_says_why(string slug, string broken, string why)
    {
        var sales = await shared.GetAsync();
        var script = Path.Combine(TestDirectory.Create(), $"{slug}.py");
        await File.WriteAllTextAsync(script, "import streamlit as st\nst.title('Sales')\nst.write('as ever')\n");
        await sales.SaveAppAsync(slug, new { name = slug, runtime = "streamlit", script });
        await sales.PostAsync($"/api/v1/apps/{slug}/start");
        var old = await sales.PidAsync(slug);
        await File.WriteAllTextAsync(script, broken);

        await sales.PostAsync($"/api/v1/apps/{slug}/restart");
        var row = await sales.UntilAsync(slug, row => row.GetProperty("problem").ValueKind == JsonValueKind.String);
        row.GetProperty("problem").GetString().Should().Contain(why);
        (await sales.PidAsync(slug)).Should().Be(old);
    }

    [Fact]
    public async Task An_open_tab_that_nobody_uses_is_warned_and_can_keep_its_app()
    {
        var sales = await quick.GetAsync();
        var lee = await sales.AddUserAsync("lee", "127.0.0.8", "idle");

        // The warning comes at half the time: as long is left to answer it.
        await sales.SaveAppAsync("idle", new { name = "idle", runtime = "streamlit", script = SalesHub.Script("sales.py"), idleTimeout = "12s" });
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsync(lee, "idle");
            var banner = tab.Locator(".banner");
            await Assertions.Expect(banner).ToContainTextAsync("Nobody has used this app");
            await banner.GetByRole(AriaRole.Button, new() { Name = "Keep running" }).ClickAsync();
            await Assertions.Expect(banner).ToBeHiddenAsync();
            await Assertions.Expect(banner).ToContainTextAsync("Nobody has used this app");
            await Axe.CheckAsync(tab);

            await sales.UntilAsync("idle", row => row.GetProperty("status").GetString() == "stopped");
            await Assertions.Expect(banner).ToContainTextAsync("The app does not run now: Stopped. Reload the page to start it.");

            var (_, again) = await sales.OpenAsync(lee, "idle");
            await Assertions.Expect(again.GetByText("Count is 0")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task Visitors_of_an_app_with_one_seat_come_in_one_after_the_other_and_a_broken_connection_loses_no_seat()
    {
        var sales = await shared.GetAsync();
        var one = await sales.AddUserAsync("one", "127.0.0.31", "seat");
        await sales.SaveAppAsync("seat", new { name = "seat", runtime = "streamlit", script = SalesHub.Script("sales.py"), maxSessions = 1 });
        await sales.SaveUserAsync("two", new { addresses = new[] { "127.0.0.32" }, apps = new[] { "seat" } });
        await sales.SaveUserAsync("three", new { addresses = new[] { "127.0.0.33" }, apps = new[] { "seat" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var (first, app) = await sales.OpenAsync(one, "seat");
            await AddAsync(app, 1);

            var second = await sales.Browser.OpenAsync(sales.From("127.0.0.32").Origin + "/open/seat/");
            await Assertions.Expect(second.FrameLocator("iframe").Locator(".queue")).ToContainTextAsync("Number 1 in line: 1 of 1 people are in it.");
            await Assertions.Expect(second.Locator(".banner")).ToBeHiddenAsync();
            await Axe.CheckAsync(second);
            var third = await sales.Browser.OpenAsync(sales.From("127.0.0.33").Origin + "/app/seat/?q=7", locale: "ko-KR");
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 2번째입니다.");
            await third.ReloadAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 2번째입니다.");
            await Axe.CheckAsync(third);

            // The connection breaks off, and comes back to its own seat although others wait.
            await ConnectsAgainAsync(first, () =>
            {
                one.CutConnections();
                return Task.CompletedTask;
            });
            await AddAsync(app, 2);
            await first.Locator("[data-action=reload]").ClickAsync();
            await Assertions.Expect(app.GetByText("Count is 0")).ToBeVisibleAsync();

            // A page that is left ends its connection in good order; its seat is kept no longer than a reload takes.
            await first.GotoAsync("about:blank");
            await Assertions.Expect(second.FrameLocator("iframe").GetByText("Count is 0")).ToBeVisibleAsync();
            await Assertions.Expect(third.Locator(".queue")).ToContainTextAsync("대기 순서 1번째입니다.");
            await second.GotoAsync("about:blank");
            await Assertions.Expect(third.GetByText("Query is 7")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_restart_at_once_says_why_in_the_tab_which_then_follows_the_new_run()
    {
        var sales = await shared.GetAsync();
        var jang = await sales.AddUserAsync("jang", "127.0.0.34", "figures");
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsync(jang, "figures");
            await AddAsync(app, 1);
            var old = await sales.PidAsync("figures");
            await sales.PostAsync("/api/v1/apps/figures/restart?drain=false&why=Monthly+figures");
            var banner = tab.Locator(".banner");
            await Assertions.Expect(banner).ToContainTextAsync("what you had not saved in it is lost. Monthly figures");
            await Axe.CheckAsync(tab);

            // Streamlit's page connects to the new run by itself: what happens to that one is told, too.
            await sales.PidAsync("figures", other: old);
            await sales.SessionsAsync("figures", 1);
            await sales.PostAsync("/api/v1/apps/figures/restart?why=Quarterly+figures");
            await Assertions.Expect(banner).ToContainTextAsync("Quarterly figures");
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
}
