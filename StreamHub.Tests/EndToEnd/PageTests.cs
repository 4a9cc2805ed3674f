using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The users' pages need no scripts, and what others wrote is text.</summary>
public sealed partial class PageTests(UsualHub shared) : IClassFixture<UsualHub>
{
    private const string Evil = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
    private const string EvilName = "<svg onload=alert(3)>";

    [Fact]
    public async Task Home_an_app_that_starts_and_a_request_for_access_need_no_scripts()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var home = await sales.Browser.OpenAsync(sales.Kim.Origin + "/", scripts: false);
            await Assertions.Expect(home.GetByRole(AriaRole.Heading, new() { Name = "Hello, kim" })).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByText("127.0.0.7")).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" })).ToBeVisibleAsync();
            (await home.ContentAsync()).Should().NotContain("demo", "it is not kim's");

            var app = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/sales/", scripts: false);
            await Assertions.Expect(app.Locator("#root")).ToBeAttachedAsync();

            var stranger = await sales.Browser.OpenAsync(sales.Unregistered.Origin + "/", scripts: false);
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

    [Theory]
    [InlineData("/app/sales/")]
    [InlineData("/open/sales/")]
    public async Task A_page_of_another_Streamlit_than_the_one_that_runs_reloads_once(string address)
    {
        var sales = await shared.GetAsync();
        await sales.PostAsync("/api/v1/apps/sales/start");
        await sales.PidAsync("sales");
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync("about:blank");

            // The first status tells of another version, until the page comes again.
            var (loads, isOld) = (0, true);
            Action tellTruth = static () => { };
            await page.RouteWebSocketAsync("**/_hub/apps/sales/events", socket => socket.ConnectToServer().OnMessage(status =>
            {
                tellTruth = () => socket.Send(status.Text!);
                socket.Send(isOld ? Version().Replace(status.Text!, $"\"page\":\"{new string('0', 64)}\"") : status.Text!);
            }));
            await page.RouteAsync(sales.Kim.Origin + "/app/sales/", async route =>
            {
                if (++loads == 2)
                {
                    isOld = false;
                    tellTruth();
                }

                await route.ContinueAsync();
            });
            await page.GotoAsync(sales.Kim.Origin + address);

            var app = address.StartsWith("/open", StringComparison.Ordinal) ? page.FrameLocator("iframe").GetByTestId("stApp") : page.GetByTestId("stApp");
            await Eventually.TrueAsync(() => loads == 2);
            await Assertions.Expect(app).ToBeVisibleAsync();
            loads.Should().Be(2);
        });
    }

    [Fact]
    public async Task What_others_wrote_is_text_in_the_admins_browser()
    {
        var sales = await shared.GetAsync();
        await sales.SaveAppAsync("evil", new { name = Evil, runtime = "command", command = new[] { "python3", "-c", $"print({JsonSerializer.Serialize("Error: " + Evil)}, flush=True); raise SystemExit(1)" } });
        await sales.SaveUserAsync(Uri.EscapeDataString(EvilName), new { name = EvilName, addresses = new[] { "127.0.0.66" }, apps = new[] { "evil" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var asking = await sales.Browser.OpenAsync(sales.From("127.0.0.67").Origin + "/");
            await asking.GetByLabel("Your name").FillAsync(EvilName);
            await asking.GetByLabel("What for?").FillAsync(Evil);
            await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
            var visitor = await sales.Browser.OpenAsync(sales.From("127.0.0.66").Origin + "/app/evil/");
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

    [GeneratedRegex("\"page\":\"[0-9a-f]{64}\"")]
    private static partial Regex Version();
}
