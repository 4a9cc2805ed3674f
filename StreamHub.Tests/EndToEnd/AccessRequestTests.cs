using System.Text.Json;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>A request for access, in two browsers: the visitor's and the admin's.</summary>
public sealed class AccessRequestTests(UsualHub shared) : IClassFixture<UsualHub>
{
    [Fact]
    public async Task A_stranger_asks_an_admin_approves_and_the_waiting_page_turns_into_home()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var admin = await sales.OpenAdminAsync("/");
            var visitor = await sales.Browser.OpenAsync(sales.Unregistered.Origin + "/");
            await Axe.CheckAsync(visitor);
            await visitor.GetByLabel("Your name").FillAsync("Lee");
            await visitor.GetByLabel("Which app?").FillAsync("sales");
            await visitor.GetByLabel("What for?").FillAsync("Monthly figures");
            await visitor.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "Your request was sent" })).ToBeVisibleAsync();
            await Axe.CheckAsync(visitor);
            await visitor.ReloadAsync();
            await Assertions.Expect(visitor.GetByText("Monthly figures")).ToBeVisibleAsync();

            await Assertions.Expect(admin.GetByText("1 waiting")).ToBeAttachedAsync();
            await admin.GetByRole(AriaRole.Link, new() { Name = "Requests" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Monthly figures")).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve: Lee" }).ClickAsync();
            await Assertions.Expect(admin.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

            await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "Hello, Lee" })).ToBeVisibleAsync();
            await Assertions.Expect(visitor.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" })).ToBeVisibleAsync();
            await Assertions.Expect(admin.GetByText("Nobody is waiting.")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_note_of_the_admin_reaches_who_was_declined_and_a_user_gets_one_more_app()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var admin = await sales.OpenAdminAsync("/requests");
            await Assertions.Expect(admin.GetByText("Nobody is waiting.")).ToBeVisibleAsync();
            var visitor = await sales.Browser.OpenAsync(sales.From("127.0.0.31").Origin + "/", "ko-KR");
            await visitor.GetByLabel("이름").FillAsync("이민");
            await visitor.GetByRole(AriaRole.Button, new() { Name = "관리자에게 보내기" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Decline: 이민" }).ClickAsync();
            await admin.GetByLabel("Note (shown to the visitor)").FillAsync("Come by in person");
            await admin.GetByRole(AriaRole.Button, new() { Name = "Decline", Exact = true }).ClickAsync();
            await Assertions.Expect(visitor.GetByText("Come by in person")).ToBeVisibleAsync();
            await Axe.CheckAsync(visitor);

            var choi = await sales.AddUserAsync("choi", "127.0.0.32", "figures");
            var asking = await sales.Browser.OpenAsync(choi.Origin + "/open/demo/");
            await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve: choi" }).ClickAsync();
            await admin.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
            await Assertions.Expect(asking.Locator("iframe")).ToBeVisibleAsync();

            // A home page that stays open follows what is assigned, and does not take away what is being written on it.
            var home = await sales.Browser.OpenAsync(choi.Origin + "/");
            await ShowsAsync("figures", "demo");
            await AssignAsync("figures");
            await ShowsAsync("figures");
            await home.GetByText("Ask for another app").ClickAsync();
            await home.GetByLabel("What for?").FillAsync("Monthly");
            await AssignAsync("demo");
            await ShowsAsync();
            await home.GetByLabel("What for?").ClearAsync();
            await ShowsAsync("demo");
            await AssignAsync();
            await Assertions.Expect(home.GetByText("No app is assigned to you.")).ToBeVisibleAsync();
            await AssignAsync("figures");
            await ShowsAsync("figures");

            Task AssignAsync(params string[] slugs) => sales.SaveUserAsync("choi", new { addresses = new[] { "127.0.0.32" }, apps = slugs });

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
        var sales = await shared.GetAsync();
        var (yoon, elsewhere) = (await sales.AddUserAsync("yoon", "127.0.0.33", "plans"), sales.From("127.0.0.34"));
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(yoon.Origin + "/");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello, yoon" })).ToBeVisibleAsync();

            // Cookies do not know ports: the same browser, now at another address.
            await page.GotoAsync(elsewhere.Origin + "/");
            await Assertions.Expect(page.GetByLabel("Your name")).ToHaveValueAsync("yoon");
            await page.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();

            var admin = await sales.OpenAdminAsync("/requests");
            await Assertions.Expect(admin.GetByText("Probably yoon, until today at 127.0.0.33")).ToBeVisibleAsync();
            await Axe.CheckAsync(admin);
            await admin.GetByRole(AriaRole.Button, new() { Name = "Move yoon here" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello, yoon" })).ToBeVisibleAsync();
            (await AddressesOfYoonAsync(sales)).Should().Equal("127.0.0.34");

            await admin.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
            await Assertions.Expect(admin.GetByText("Saved.")).ToBeVisibleAsync();
            (await AddressesOfYoonAsync(sales)).Should().Equal("127.0.0.33");
        });
    }

    private static async Task<IEnumerable<string?>> AddressesOfYoonAsync(SalesHub sales) =>
        JsonSerializer.Deserialize<JsonElement>(await sales.GetAsync("/api/v1/users/yoon")).GetProperty("addresses").EnumerateArray().Select(item => item.GetString());
}
