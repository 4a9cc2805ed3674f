using System.Text.Json;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Knock to enter, in two browsers: the visitor's and the admin's.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KnockTests
{
    /// <summary>Within how many milliseconds a page that waits is home, beside what its machine takes to load pages.</summary>
    private const float Soon = 3000;

    [Fact]
    public async Task A_stranger_asks_an_admin_approves_and_the_waiting_page_turns_into_home()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var admin = await sales.OpenAdminAsync("/");
            var visitor = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/");
            await Axe.CheckAsync(visitor);
            await visitor.GetByLabel("Your name").FillAsync("Lee");
            await visitor.GetByLabel("Which app?").FillAsync("sales");
            await visitor.GetByLabel("What for?").FillAsync("Monthly figures");
            await visitor.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "Your request was sent" })).ToBeVisibleAsync();
            await Axe.CheckAsync(visitor);
            var begin = TimeProvider.System.GetTimestamp();
            await visitor.ReloadAsync();
            var loads = 2 * (float)TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds;
            await Assertions.Expect(visitor.GetByText("Monthly figures")).ToBeVisibleAsync();

            await Assertions.Expect(admin.GetByText("1 waiting")).ToBeAttachedAsync(new() { Timeout = 2000 + loads });
            await admin.GetByRole(AriaRole.Link, new() { Name = "Requests" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Monthly figures")).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve: Lee" }).ClickAsync();
            await Assertions.Expect(admin.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

            await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "Hello, Lee" })).ToBeVisibleAsync(new() { Timeout = Soon + loads });
            await Assertions.Expect(visitor.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" })).ToBeVisibleAsync();
            await Assertions.Expect(admin.GetByText("Nobody is waiting.")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_note_of_the_admin_reaches_who_was_declined_and_a_user_gets_one_more_app()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var admin = await sales.OpenAdminAsync("/requests");
            await Assertions.Expect(admin.GetByText("Nobody is waiting.")).ToBeVisibleAsync();
            var visitor = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/", "ko-KR");
            await visitor.GetByLabel("이름").FillAsync("이민");
            await visitor.GetByRole(AriaRole.Button, new() { Name = "관리자에게 보내기" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Decline: 이민" }).ClickAsync();
            await admin.GetByLabel("Note (shown to the visitor)").FillAsync("Come by in person");
            await admin.GetByRole(AriaRole.Button, new() { Name = "Decline", Exact = true }).ClickAsync();
            await Assertions.Expect(visitor.GetByText("Come by in person")).ToBeVisibleAsync();
            await Axe.CheckAsync(visitor);

            var kim = await sales.Browser.OpenAsync(sales.Kim.Origin + "/open/demo/");
            await kim.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve: kim" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
            await Assertions.Expect(kim.Locator("iframe")).ToBeVisibleAsync();

            // A home page that stays open follows what is assigned, and does not take away what is being written on it.
            var home = await sales.Browser.OpenAsync(sales.Kim.Origin + "/");
            await ShowsAsync("sales", "demo");
            await sales.ApplyAsync(users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales" } }], apps: []);
            await ShowsAsync("sales");
            await home.GetByText("Ask for another app").ClickAsync();
            await home.GetByLabel("What for?").FillAsync("Monthly");
            await sales.ApplyAsync(users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "demo" } }], apps: []);
            await ShowsAsync();
            await home.GetByLabel("What for?").ClearAsync();
            await ShowsAsync("demo");
            await sales.ApplyAsync(users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = Array.Empty<string>() }], apps: []);
            await Assertions.Expect(home.GetByText("No app is assigned to you.")).ToBeVisibleAsync();
            await sales.ApplyAsync(users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales" } }], apps: []);
            await ShowsAsync("sales");

            async Task ShowsAsync(params string[] slugs)
            {
                foreach (var slug in slugs)
                {
                    await Assertions.Expect(home.Locator($".cards a.button[href='/open/{slug}/']")).ToBeVisibleAsync();
                }

                await Assertions.Expect(home.Locator(".cards a.button")).ToHaveCountAsync(slugs.Length);
            }
        });
    }

    [Fact]
    public async Task A_known_browser_at_a_new_address_is_moved_with_one_click_and_back_with_undo()
    {
        await using var sales = await SalesHub.StartAsync();
        await using var elsewhere = new SourceForwarder("127.0.0.8", sales.Hub.UsersPort);
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello, kim" })).ToBeVisibleAsync();

            // Cookies do not know ports: the same browser, now at another address.
            await page.GotoAsync(elsewhere.Origin + "/");
            await Assertions.Expect(page.GetByLabel("Your name")).ToHaveValueAsync("kim");
            await page.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();

            var admin = await sales.OpenAdminAsync("/requests");
            await Assertions.Expect(admin.GetByText("Probably kim, until today at 127.0.0.7")).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Move kim here" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello, kim" })).ToBeVisibleAsync();
            (await AddressesOfKimAsync(sales)).Should().Equal("127.0.0.8");

            await admin.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Saved.")).ToBeVisibleAsync();
            (await AddressesOfKimAsync(sales)).Should().Equal("127.0.0.7");
        });
    }

    private static async Task<IEnumerable<string?>> AddressesOfKimAsync(SalesHub sales) =>
        JsonSerializer.Deserialize<JsonElement>(await sales.GetAsync("/api/v1/users/kim")).GetProperty("addresses").EnumerateArray().Select(item => item.GetString());
}
