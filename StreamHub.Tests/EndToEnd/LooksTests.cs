using System.Globalization;
using System.Resources;
using Microsoft.Playwright;
using StreamHub.Server.Resources;
using StreamHub.Tests.EndToEnd.Hubs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Every page, refusal and dialog in both languages, both themes, on a desk and on a phone.</summary>
public sealed class LooksTests(UsualHub shared) : IClassFixture<UsualHub>
{
    private static readonly ResourceManager Words = new(typeof(AdminText));

    [Fact]
    public async Task Every_page_can_be_used_by_everybody()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            await AskAsync(sales, sales.Unregistered, "Lee");

            // So that the app's page has a history to show.
            await sales.PostAsync("/api/v1/apps/sales/start");
            foreach (var look in Look.All)
            {
                foreach (var address in new[] { sales.Unregistered.Origin + "/", sales.Kim.Origin + "/", sales.Kim.Origin + "/open/demo/", sales.Kim.Origin + "/nothing" })
                {
                    await CheckAsync(look, await sales.Browser.OpenAsync(address, look.Locale, look.Width, dark: look.Dark));
                }

                var page = await sales.OpenAdminAsync("/", look.Locale, look.Width, look.Dark);
                foreach (var path in new[] { "/", "/users", "/requests", "/apps/sales" })
                {
                    await sales.GoToAdminAsync(page, path);
                    await Assertions.Expect(page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
                    await look.CheckAsync(page);
                }
            }
        });
    }

    [Fact]
    public async Task Every_refusal_can_be_read_by_everybody()
    {
        var sales = await shared.GetAsync();

        // Hours that are neither today's nor tomorrow's nor yesterday's, whatever the zone and however late it is.
        var other = (DayOfWeek)(((int)TimeProvider.System.GetUtcNow().DayOfWeek + 3) % 7);
        await sales.SaveUserAsync("off", new { addresses = new[] { "127.0.0.11" }, disabled = true });
        await sales.SaveUserAsync("gone", new { addresses = new[] { "127.0.0.12" }, expires = "2020-01-01T00:00:00Z" });
        await sales.SaveUserAsync("later", new { addresses = new[] { "127.0.0.13" }, hours = new[] { $"{CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName(other)} 09:00-09:01" } });
        await using var kim = new SourceForwarder("127.0.0.7", sales.Hub.AdminPort);
        var (off, gone, later) = (sales.From("127.0.0.11"), sales.From("127.0.0.12"), sales.From("127.0.0.13"));
        await sales.Browser.PlayAsync(async () =>
        {
            foreach (var look in Look.All)
            {
                foreach (var address in new[] { off.Origin + "/", gone.Origin + "/app/sales/", later.Origin + "/", kim.Origin + "/", sales.Unregistered.Origin + "/app/sales/", sales.Hub.AdminOrigin + "/claim?token=wrong" })
                {
                    var page = await sales.Browser.OpenAsync(address, look.Locale, look.Width, dark: look.Dark);
                    await Assertions.Expect(page.GetByRole(AriaRole.Heading)).Not.ToHaveCountAsync(0);
                    await CheckAsync(look, page);
                }
            }
        });
    }

    [Fact]
    public async Task Every_dialog_can_be_used_by_everybody()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            await AskAsync(sales, sales.From("127.0.0.19"), "Park");
            await sales.PostAsync("/api/v1/apps/sales/start");
            await sales.PidAsync("sales");
            foreach (var look in Look.All)
            {
                string Word(string key) => Words.GetString(key, CultureInfo.GetCultureInfo(look.Locale))!;
                (string Path, string[] Buttons)[] pages =
                [
                    ("/", [Word("AddApp"), Word("Maintenance")]),
                    ("/apps/sales", [Word("EditApp"), Word("RemoveApp"), $"{Word("Hold")}: sales"]),
                    ("/users", [Word("AddUser"), Word("ImportUsers"), $"{Word("Edit")}: kim", $"{Word("Remove")}: kim"]),
                    ("/requests", [$"{Word("Approve")}: Park", $"{Word("Decline")}: Park", $"{Word("Block")}: Park"]),
                    ("/settings", [Word("CreateToken")]),
                ];
                var page = await sales.OpenAdminAsync("/", look.Locale, look.Width, look.Dark);
                foreach (var (path, buttons) in pages)
                {
                    await sales.GoToAdminAsync(page, path);
                    foreach (var button in buttons)
                    {
                        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
                        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
                        await look.CheckAsync(page);
                        await page.Keyboard.PressAsync("Escape");
                        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
                    }
                }
            }
        });
    }

    private static async Task AskAsync(SalesHub sales, SourceForwarder stranger, string name)
    {
        var asking = await sales.Browser.OpenAsync(stranger.Origin + "/");
        await asking.GetByLabel("Your name").FillAsync(name);
        await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
        await Assertions.Expect(asking.GetByRole(AriaRole.Heading, new() { Name = "Your request was sent" })).ToBeVisibleAsync();
    }

    private static async Task CheckAsync(Look look, IPage page)
    {
        await look.CheckAsync(page);
        await page.CloseAsync();
    }
}
