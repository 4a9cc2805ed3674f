using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The rarer work of an admin in a browser, in both languages and themes: who did what, what scripts may do, and users as a table.</summary>
public sealed class AdminWorkTests(NamedHub shared) : IClassFixture<NamedHub>
{
    [Fact]
    public async Task All_of_it_works_by_the_machines_name_over_plain_HTTP()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync($"http://{Browser.Named}:{sales.Hub.AdminPort}/");
            await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
            (await page.EvaluateAsync<bool>("isSecureContext")).Should().BeFalse("else a browser says more than it does to thebox");
            await page.GetByRole(AriaRole.Link, new() { Name = "Demo" }).First.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Demo" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Start: demo", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByText("Running").First).ToBeVisibleAsync();

            var app = await sales.Browser.OpenAsync($"http://{Browser.Named}:{sales.Hub.UsersPort}/");
            await app.GetByRole(AriaRole.Link, new() { Name = "Demo" }).First.ClickAsync();
            await Assertions.Expect(app.FrameLocator("iframe").GetByRole(AriaRole.Button).First).ToBeVisibleAsync();
            await Assertions.Expect(app.Locator(".banner")).ToBeHiddenAsync();
        });
    }

    [Fact]
    public async Task What_happened_is_found_sent_to_somebody_exported_and_verified()
    {
        var sales = await shared.GetAsync();
        await sales.SaveUserAsync("moved", new { addresses = new[] { "127.0.0.41" }, apps = new[] { "demo" } });
        await sales.SaveUserAsync("moved", new { addresses = new[] { "127.0.0.42" }, apps = new[] { "demo" } });
        await sales.Browser.PlayAsync(async () =>
        {
            foreach (var look in Look.All)
            {
                var seen = await OpenAsync(sales, "/audit", look);
                await Assertions.Expect(seen.Locator(".audit tbody tr").First).ToBeVisibleAsync();
                await look.CheckAsync(seen);
                await seen.GotoAsync(sales.Hub.AdminOrigin + "/audit?q=nothing");
                await Assertions.Expect(seen.Locator(".empty")).ToBeVisibleAsync();
                await look.CheckAsync(seen);
                await seen.CloseAsync();
            }

            var page = await sales.OpenAdminAsync("/");
            await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
            await page.GetByLabel("Text anywhere").FillAsync("127.0.0.42");
            await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=127.0.0.42"));
            await Assertions.Expect(page.Locator(".audit tbody tr")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator(".audit ins")).ToHaveTextAsync("127.0.0.42");
            await page.ReloadAsync();
            await Assertions.Expect(page.GetByLabel("Text anywhere")).ToHaveValueAsync("127.0.0.42");
            await Assertions.Expect(page.Locator(".audit tbody tr")).ToHaveCountAsync(1);

            var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());
            csv.SuggestedFilename.Should().Be("audit.csv");
            (await File.ReadAllTextAsync(await csv.PathAsync(), Encoding.UTF8)).Split("\r\n").Should().HaveCount(3, "a head, a row and the end");

            await page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
            await Assertions.Expect(page.GetByText(new Regex(@"Whole: [1-9]\d* rows"))).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_token_is_made_copied_used_from_elsewhere_and_revoked()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            foreach (var look in Look.All)
            {
                var seen = await OpenAsync(sales, "/settings", look);
                await seen.GetByRole(AriaRole.Button, new() { Name = look.IsKorean ? "토큰 만들기" : "Create token" }).ClickAsync();
                await Assertions.Expect(seen.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
                await look.CheckAsync(seen);
                await seen.GetByLabel(look.IsKorean ? "이름" : "Name").FillAsync($"look-{look.Locale}");
                await seen.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = look.IsKorean ? "만들기" : "Create", Exact = true }).ClickAsync();
                await Assertions.Expect(seen.GetByLabel(look.IsKorean ? "토큰" : "Token", new() { Exact = true })).ToHaveValueAsync(new Regex("^shub_"));
                await look.CheckAsync(seen);
                await seen.CloseAsync();
            }

            var page = await sales.OpenAdminAsync("/");
            await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
            await page.GetByLabel("Name").FillAsync("backup");
            await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
            var secret = await page.GetByLabel("Token", new() { Exact = true }).InputValueAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Copied.")).ToBeVisibleAsync();

            (await AskAsync(secret)).Should().Be(HttpStatusCode.OK);
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "127.0.0.43" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Revoke: backup" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Axe.CheckAsync(page);
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
            await Assertions.Expect(page.GetByText("revoked on")).ToBeVisibleAsync();
            (await AskAsync(secret)).Should().Be(HttpStatusCode.Unauthorized);
        });

        async Task<HttpStatusCode> AskAsync(string secret)
        {
            using var script = new PersonaClient("127.0.0.43");
            script.Http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            using var answer = await script.Http.GetAsync(new Uri(sales.Hub.AdminOrigin + "/api/v1/users"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_table_is_looked_at_mended_and_imported()
    {
        var sales = await shared.GetAsync();
        await sales.SaveUserAsync("lee", new { addresses = new[] { "127.0.0.44" } });
        await sales.Browser.PlayAsync(async () =>
        {
            foreach (var look in Look.All)
            {
                var seen = await OpenAsync(sales, "/users", look);
                await seen.GetByRole(AriaRole.Button, new() { Name = look.IsKorean ? "사용자 가져오기" : "Import users" }).ClickAsync();
                await ChooseAsync(seen, "name;addresses;colour\nkim;127.0.0.45;red\n");
                await Assertions.Expect(seen.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("colour");
                await look.CheckAsync(seen);
                await seen.CloseAsync();
            }

            var page = await sales.OpenAdminAsync("/users");
            await page.GetByRole(AriaRole.Button, new() { Name = "Import users" }).ClickAsync();
            var import = page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true });
            await ChooseAsync(page, "\uFEFFname;addresses\r\n김철수;\"127.0.0.45; 10.1.0.0/24\"\r\nlee;nowhere\r\n");
            await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "addresses", Exact = true })).ToBeVisibleAsync();
            await Assertions.Expect(import).ToBeDisabledAsync();
            await ChooseAsync(page, "\uFEFFname;addresses\r\n김철수;\"127.0.0.45; 10.1.0.0/24\"\r\nlee;127.0.0.46\r\n");
            await Assertions.Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "User changed: lee" }).Locator("ins")).ToHaveTextAsync("127.0.0.46");
            await Axe.CheckAsync(page);
            await import.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "김철수" })).ToContainTextAsync("10.1.0.0/24");

            // The dialog has such a link, too, until it has faded away.
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync());
            (await File.ReadAllTextAsync(await csv.PathAsync())).Should().Contain("김철수,user,\"127.0.0.45; 10.1.0.0/24\",");
        });

        static async Task ChooseAsync(IPage page, string text)
        {
            await Assertions.Expect(page.Locator("input[type=file]")).ToBeEnabledAsync();
            await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "users.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        }
    }

    private static Task<IPage> OpenAsync(SalesHub sales, string path, Look look) => sales.OpenAdminAsync(path, look.Locale, look.Width, look.Dark);
}
