using System.Globalization;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>What an admin stops is stopped for everybody, who are told why and until when, and comes back.</summary>
public sealed class HoldTests(UsualHub shared) : IClassFixture<UsualHub>
{
    [Fact]
    public async Task A_stop_with_words_and_an_end_reaches_every_visitor_outlasts_the_hub_and_is_over_when_it_is_time()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsKimAsync();
            await sales.SessionsAsync("sales", 1);
            var dashboard = await sales.OpenAdminAsync("/");
            await dashboard.GetByRole(AriaRole.Button, new() { Name = "Stop: sales" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.IsIdle("kim", "127.0.0.7"));
            await dialog.GetByLabel("Text for visitors").FillAsync("New figures are coming.");
            await dialog.GetByLabel("Until").FillAsync(TimeProvider.System.GetLocalNow().AddHours(2).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
            await Axe.CheckAsync(dashboard);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("The app does not run now: New figures are coming. Expected back:");

            await CheckHeldAsync(sales, "en-US", "Stopped by an admin", "New figures are coming. Expected back:");
            await CheckHeldAsync(sales, "ko-KR", "관리자가 중지함", "New figures are coming. 다시 사용할 수 있는 시각:");
            await dashboard.GotoAsync(sales.Hub.AdminOrigin + "/apps/sales");
            await Assertions.Expect(dashboard.GetByText("New figures are coming.").First).ToBeVisibleAsync();
            await Axe.CheckAsync(dashboard);

            (await sales.Hub.StopAsync()).Should().Be(0);
            await sales.Hub.RestartAsync();
            await CheckHeldAsync(sales, "en-US", "Stopped by an admin", "New figures are coming. Expected back:");

            // A page that waits goes on by itself; one that is opened afterwards would start it too.
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/sales/");
            await Assertions.Expect(page.Locator(".held")).ToContainTextAsync("New figures are coming.");
            await StopAsync(TimeSpan.FromHours(1));
            await Assertions.Expect(page.Locator(".held")).ToContainTextAsync("Just a moment.");
            await StopAsync(TimeSpan.FromSeconds(1));
            await Assertions.Expect(page.GetByText("Count is 0")).ToBeVisibleAsync();

            Task StopAsync(TimeSpan length) => sales.PostAsync(
                $"/api/v1/apps/sales/stop?text=Just+a+moment.&until={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().Add(length).ToString("O", CultureInfo.InvariantCulture))}");
        });
    }

    [Fact]
    public async Task Maintenance_stops_the_whole_hub_tells_everybody_and_opening_it_brings_the_apps_back()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, _) = await sales.OpenAsKimAsync();
            await sales.SessionsAsync("sales", 1);
            var home = await sales.Browser.OpenAsync(sales.Kim.Origin + "/", locale: "ko-KR");
            var dashboard = await sales.OpenAdminAsync("/");
            await dashboard.GetByRole(AriaRole.Button, new() { Name = "Maintenance…" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.IsIdle("kim", "127.0.0.7"));
            await dialog.GetByLabel("Text for visitors").FillAsync("We change the disks.");
            await Axe.CheckAsync(dashboard);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop everything" }).ClickAsync();

            await Assertions.Expect(tab.Locator(".banner")).ToContainTextAsync("We change the disks.");
            await Assertions.Expect(home.Locator(".notice")).ToHaveTextAsync("We change the disks.");
            await Assertions.Expect(home.Locator(".state .word")).ToHaveTextAsync("점검 중");
            await Axe.CheckAsync(home);
            var waiting = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/sales/?q=9", locale: "ko-KR");
            await Assertions.Expect(waiting.Locator(".held")).ToHaveTextAsync("We change the disks.");
            await Axe.CheckAsync(waiting);
            foreach (var path in new[] { "/users", "/requests", "/apps/sales", "/audit", "/settings", "/" })
            {
                await dashboard.GotoAsync(sales.Hub.AdminOrigin + path);
                await Assertions.Expect(dashboard.Locator(".notice")).ToContainTextAsync("We change the disks.");
            }

            await Axe.CheckAsync(dashboard);
            await dashboard.GetByRole(AriaRole.Button, new() { Name = "Open the hub" }).ClickAsync();
            await Assertions.Expect(dashboard.Locator(".notice")).ToHaveCountAsync(0);
            await Assertions.Expect(waiting.GetByText("Query is 9")).ToBeVisibleAsync();
            await Assertions.Expect(home.Locator(".notice")).ToBeHiddenAsync();
        });
    }

    /// <summary>What kim sees of the app at home and at its own address.</summary>
    private static async Task CheckHeldAsync(SalesHub sales, string locale, string word, string text)
    {
        var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/", locale);
        await Assertions.Expect(page.Locator(".card .word")).ToHaveTextAsync(word);
        await Assertions.Expect(page.Locator(".card .pause")).ToContainTextAsync(text);
        await Axe.CheckAsync(page);
        await page.GotoAsync(sales.Kim.Origin + "/app/sales/");
        await Assertions.Expect(page.Locator(".held")).ToContainTextAsync(text);
        await Axe.CheckAsync(page);
        await page.CloseAsync();
    }
}
