using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The rarer work of an admin in a browser, in both languages and themes: who did what, what scripts may do, and users as a table.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class AdminWorkTests : IAsyncLifetime
{
    private static readonly (string Locale, bool Dark, int Width)[] Looks = [("en-US", false, 1280), ("ko-KR", true, 1280), ("ko-KR", false, 375), ("en-US", true, 375)];

    private readonly PersonaClient admin = new("127.0.0.1");
    private HubProcess hub = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        browser = await Browser.LaunchAsync();
        hub = await HubProcess.StartAsync("--StreamHub:Apps:Ports=19000-19400", $"--StreamHub:AllowedHosts:0={Browser.Named}");
        using var claimed = await admin.ClaimAsync(hub.ClaimLink!);
        claimed.StatusCode.Should().Be(HttpStatusCode.SeeOther);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        await hub.DisposeAsync();
        admin.Dispose();
    }

    [Fact]
    public async Task All_of_it_works_by_the_machines_name_over_plain_HTTP()
    {
        await browser.PlayAsync(async () =>
        {
            var page = await browser.OpenAsync($"http://{Browser.Named}:{hub.AdminPort}/");
            await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
            (await page.EvaluateAsync<bool>("isSecureContext")).Should().BeFalse("else a browser says more than it does to thebox");
            await page.GetByRole(AriaRole.Link, new() { Name = "Demo" }).First.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Demo" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Start: demo", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByText("Running").First).ToBeVisibleAsync();

            var app = await browser.OpenAsync($"http://{Browser.Named}:{hub.UsersPort}/");
            await app.GetByRole(AriaRole.Link, new() { Name = "Demo" }).First.ClickAsync();
            await Assertions.Expect(app.FrameLocator("iframe").GetByRole(AriaRole.Button).First).ToBeVisibleAsync();
            await Assertions.Expect(app.Locator(".banner")).ToBeHiddenAsync();
        });
    }

    [Fact]
    public async Task What_happened_is_found_sent_to_somebody_exported_and_verified()
    {
        await PutAsync("kim", """{ "addresses": ["127.0.0.7"], "apps": ["demo"] }""");
        await PutAsync("kim", """{ "addresses": ["127.0.0.8"], "apps": ["demo"] }""");
        await browser.PlayAsync(async () =>
        {
            foreach (var (locale, dark, width) in Looks)
            {
                var look = await OpenAsync("/audit", locale, width, dark);
                await Assertions.Expect(look.Locator(".audit tbody tr")).ToHaveCountAsync(5);
                await CheckAsync(look);
                await look.GotoAsync(hub.AdminOrigin + "/audit?q=nothing");
                await Assertions.Expect(look.Locator(".empty")).ToBeVisibleAsync();
                await CheckAsync(look);
                await look.CloseAsync();
            }

            var page = await OpenAsync("/");
            await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
            await page.GetByLabel("Text anywhere").FillAsync("127.0.0.8");
            await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=127.0.0.8"));
            await Assertions.Expect(page.Locator(".audit tbody tr")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator(".audit ins")).ToHaveTextAsync("127.0.0.8");
            await page.ReloadAsync();
            await Assertions.Expect(page.GetByLabel("Text anywhere")).ToHaveValueAsync("127.0.0.8");
            await Assertions.Expect(page.Locator(".audit tbody tr")).ToHaveCountAsync(1);

            var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());
            csv.SuggestedFilename.Should().Be("audit.csv");
            (await File.ReadAllTextAsync(await csv.PathAsync(), Encoding.UTF8)).Split("\r\n").Should().HaveCount(3, "a head, a row and the end");

            await page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Whole: 5 rows")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_token_is_made_copied_used_from_elsewhere_and_revoked()
    {
        await browser.PlayAsync(async () =>
        {
            var number = 0;
            foreach (var (locale, dark, width) in Looks)
            {
                var korean = locale == "ko-KR";
                var look = await OpenAsync("/settings", locale, width, dark);
                await look.GetByRole(AriaRole.Button, new() { Name = korean ? "토큰 만들기" : "Create token" }).ClickAsync();
                await Assertions.Expect(look.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
                await CheckAsync(look);
                await look.GetByLabel(korean ? "이름" : "Name").FillAsync($"look-{++number}");
                await look.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = korean ? "만들기" : "Create", Exact = true }).ClickAsync();
                await Assertions.Expect(look.GetByLabel(korean ? "토큰" : "Token", new() { Exact = true })).ToHaveValueAsync(new Regex("^shub_"));
                await CheckAsync(look);
                await look.CloseAsync();
            }

            var page = await OpenAsync("/");
            await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
            await page.GetByLabel("Name").FillAsync("backup");
            await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
            var secret = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Copied.")).ToBeVisibleAsync();

            (await AskAsync(secret)).Should().Be(HttpStatusCode.OK);
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "127.0.0.9" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Revoke: backup" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await CheckAsync(page);
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
            await Assertions.Expect(page.GetByText("revoked on")).ToBeVisibleAsync();
            (await AskAsync(secret)).Should().Be(HttpStatusCode.Unauthorized);
        });

        async Task<HttpStatusCode> AskAsync(string secret)
        {
            using var script = new PersonaClient("127.0.0.9");
            script.Http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            using var answer = await script.Http.GetAsync(new Uri(hub.AdminOrigin + "/api/v1/users"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_table_is_looked_at_mended_and_imported()
    {
        await PutAsync("lee", """{ "addresses": ["127.0.0.8"] }""");
        await browser.PlayAsync(async () =>
        {
            foreach (var (locale, dark, width) in Looks)
            {
                var look = await OpenAsync("/users", locale, width, dark);
                await look.GetByRole(AriaRole.Button, new() { Name = locale == "ko-KR" ? "사용자 가져오기" : "Import users" }).ClickAsync();
                await ChooseAsync(look, "name;addresses;colour\nkim;127.0.0.7;red\n");
                await Assertions.Expect(look.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("colour");
                await CheckAsync(look);
                await look.CloseAsync();
            }

            var page = await OpenAsync("/users");
            await page.GetByRole(AriaRole.Button, new() { Name = "Import users" }).ClickAsync();
            var import = page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true });
            await ChooseAsync(page, "\uFEFFname;addresses\r\n김철수;\"127.0.0.7; 10.1.0.0/24\"\r\nlee;nowhere\r\n");
            await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "addresses", Exact = true })).ToBeVisibleAsync();
            await Assertions.Expect(import).ToBeDisabledAsync();
            await ChooseAsync(page, "\uFEFFname;addresses\r\n김철수;\"127.0.0.7; 10.1.0.0/24\"\r\nlee;127.0.0.10\r\n");
            await Assertions.Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "User changed: lee" }).Locator("ins")).ToHaveTextAsync("127.0.0.10");
            await CheckAsync(page);
            await import.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "김철수" })).ToContainTextAsync("10.1.0.0/24");

            // The dialog has such a link, too, until it has faded away.
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync());
            (await File.ReadAllTextAsync(await csv.PathAsync())).Should().Contain("김철수,user,\"127.0.0.7; 10.1.0.0/24\",");
        });

        static async Task ChooseAsync(IPage page, string text)
        {
            await Assertions.Expect(page.Locator("input[type=file]")).ToBeEnabledAsync();
            await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "users.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        }
    }

    private async Task PutAsync(string user, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await admin.Http.PutAsync(new Uri($"{hub.AdminOrigin}/api/v1/users/{user}"), body);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<IPage> OpenAsync(string path, string locale = "en-US", int width = 1280, bool dark = false)
    {
        var page = await browser.OpenAsync(hub.AdminOrigin + path, locale, width, dark: dark);
        await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", locale[..2]);
        return page;
    }

    /// <summary>Nothing that axe calls serious, and nothing beside the screen.</summary>
    private static async Task CheckAsync(IPage page)
    {
        await Axe.CheckAsync(page);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0, page.Url);
    }
}
