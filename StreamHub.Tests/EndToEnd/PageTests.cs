using System.Globalization;
using System.Resources;
using System.Text.Json;
using Microsoft.Playwright;
using StreamHub.Server.Resources;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Every refusal and every dialog can be used by everybody; without scripts the users' pages can, too; what others wrote is text.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PageTests
{
    private const string Evil = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
    private const string EvilName = "<svg onload=alert(3)>";
    private static readonly ResourceManager Words = new(typeof(AdminText));
    private static readonly (string Locale, bool Dark)[] Looks = [("en-US", false), ("ko-KR", true), ("ko-KR", false), ("en-US", true)];

    [Fact]
    public async Task Every_refusal_can_be_read_by_everybody_in_both_languages_and_themes()
    {
        await using var sales = await SalesHub.StartAsync();
        var (today, other) = ((int)DateTime.Today.DayOfWeek, ((int)DateTime.Today.DayOfWeek + 3) % 7);
        var names = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;
        other.Should().NotBe(today);
        await sales.ApplyAsync(
            users:
            [
                new { name = "off", role = "user", addresses = new[] { "127.0.0.11" }, disabled = true },
                new { name = "gone", role = "user", addresses = new[] { "127.0.0.12" }, expires = "2020-01-01T00:00:00Z" },
                new { name = "later", role = "user", addresses = new[] { "127.0.0.13" }, hours = new[] { $"{names[other]} 09:00-09:01" } },
            ],
            apps: []);
        await using var off = new SourceForwarder("127.0.0.11", sales.Hub.UsersPort);
        await using var gone = new SourceForwarder("127.0.0.12", sales.Hub.UsersPort);
        await using var later = new SourceForwarder("127.0.0.13", sales.Hub.UsersPort);
        await using var kim = new SourceForwarder("127.0.0.7", sales.Hub.AdminPort);
        await sales.Browser.PlayAsync(async () =>
        {
            foreach (var (locale, dark) in Looks)
            {
                foreach (var address in new[] { off.Origin + "/", gone.Origin + "/app/sales/", later.Origin + "/", kim.Origin + "/", sales.Stranger.Origin + "/app/sales/", sales.Hub.AdminOrigin + "/claim?token=wrong" })
                {
                    var page = await sales.Browser.OpenAsync(address, locale, dark: dark);
                    await Assertions.Expect(page.GetByRole(AriaRole.Heading)).Not.ToHaveCountAsync(0);
                    await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", locale[..2]);
                    await Axe.CheckAsync(page);
                    await page.Context.CloseAsync();
                }
            }
        });
    }

    [Fact]
    public async Task Every_dialog_can_be_used_by_everybody_in_both_languages_and_themes()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var asking = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/");
            await asking.GetByLabel("Your name").FillAsync("Lee");
            await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await sales.PostAsync("/api/v1/apps/sales/start");
            await sales.UntilAsync("sales", row => row.GetProperty("status").GetString() == "running");
            foreach (var (locale, dark) in Looks)
            {
                string Word(string key) => Words.GetString(key, CultureInfo.GetCultureInfo(locale))!;
                (string Path, string[] Buttons)[] pages =
                [
                    ("/", [Word("AddApp"), Word("Maintenance")]),
                    ("/apps/sales", [Word("EditApp"), Word("RemoveApp"), $"{Word("Hold")}: sales"]),
                    ("/users", [Word("AddUser"), Word("ImportUsers"), $"{Word("Edit")}: kim", $"{Word("Remove")}: kim"]),
                    ("/requests", [$"{Word("Approve")}: Lee", $"{Word("Decline")}: Lee", $"{Word("Block")}: Lee"]),
                    ("/settings", [Word("CreateToken")]),
                ];
                foreach (var (path, buttons) in pages)
                {
                    var page = await sales.OpenAdminAsync(path, locale, dark: dark);
                    foreach (var button in buttons)
                    {
                        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
                        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
                        await Axe.CheckAsync(page);
                        await page.Keyboard.PressAsync("Escape");
                        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
                    }

                    await page.Context.CloseAsync();
                }
            }
        });
    }

    [Fact]
    public async Task Home_an_app_that_starts_and_a_request_for_access_need_no_scripts()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var home = await sales.Browser.OpenAsync(sales.Kim.Origin + "/", scripts: false);
            await Assertions.Expect(home.GetByRole(AriaRole.Heading, new() { Name = "Hello, kim" })).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByText("127.0.0.7")).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" })).ToBeVisibleAsync();
            (await home.ContentAsync()).Should().NotContain("demo", "it is not kim's");

            var app = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/sales/", scripts: false);
            await Assertions.Expect(app.Locator("#root")).ToBeAttachedAsync();

            var stranger = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/", scripts: false);
            await stranger.GetByLabel("Your name").FillAsync("Lee");
            await stranger.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            await Assertions.Expect(stranger.GetByRole(AriaRole.Heading, new() { Name = "Your request was sent" })).ToBeVisibleAsync();
            await stranger.ReloadAsync();
            await Assertions.Expect(stranger.GetByRole(AriaRole.Heading, new() { Name = "Your request was sent" })).ToBeVisibleAsync();

            // Its second one, from a page that was opened before the first was sent.
            await stranger.EvaluateAsync("""
                document.body.innerHTML = '<form method="post" action="/_hub/request"><input name="name" value="Lee"><input name="back" value="/"><button>Again</button></form>'
                """);
            await stranger.GetByRole(AriaRole.Button, new() { Name = "Again" }).ClickAsync();
            await Assertions.Expect(stranger.GetByText("There is a request from this address already.")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task What_others_wrote_is_text_in_the_admins_browser()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.ApplyAsync(
            users: [new { name = EvilName, role = "user", addresses = new[] { "127.0.0.66" }, apps = new[] { "evil" } }],
            apps: [new { slug = "evil", name = Evil, runtime = "command", command = new[] { "python3", "-c", $"print({JsonSerializer.Serialize("Error: " + Evil)}, flush=True); raise SystemExit(1)" } }]);
        await using var author = new SourceForwarder("127.0.0.66", sales.Hub.UsersPort);
        await sales.Browser.PlayAsync(async () =>
        {
            var asking = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/");
            await asking.GetByLabel("Your name").FillAsync(EvilName);
            await asking.GetByLabel("What for?").FillAsync(Evil);
            await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            var visitor = await sales.Browser.OpenAsync(author.Origin + "/app/evil/");
            await CheckAsync(visitor, visitor.Locator(".failure .line"), "Error: " + Evil);

            foreach (var (path, shown) in new[] { ("/", Evil), ("/apps/evil", "Error: " + Evil), ("/users", EvilName), ("/requests", Evil), ("/audit", EvilName) })
            {
                var page = await sales.OpenAdminAsync(path);
                await CheckAsync(page, page.GetByText(shown).First, shown);
            }
        });

        static async Task CheckAsync(IPage page, ILocator place, string shown)
        {
            await Assertions.Expect(place).ToContainTextAsync(shown);
            (await page.Locator("img[src=x], svg[onload], script:not([src]):has-text('alert')").CountAsync()).Should().Be(0, page.Url);
        }
    }
}
