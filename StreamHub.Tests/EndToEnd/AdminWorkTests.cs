using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The rarer work of an admin in a browser, in both languages and themes: who did what.</summary>
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
        hub = await HubProcess.StartAsync("--StreamHub:Apps:Ports=19000-19400");
        using var claimed = await admin.Http.GetAsync(new Uri(hub.ClaimLink!));
        claimed.StatusCode.Should().Be(HttpStatusCode.SeeOther);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        await hub.DisposeAsync();
        admin.Dispose();
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
                await Assertions.Expect(look.Locator(".audit tbody tr")).ToHaveCountAsync(3);
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
            await Assertions.Expect(page.GetByText("Whole: 3 rows")).ToBeVisibleAsync();
        });
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
        await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
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
