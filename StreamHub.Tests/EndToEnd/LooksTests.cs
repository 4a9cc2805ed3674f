using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>Every page in both languages, both themes, on a desk and on a phone: nothing that axe calls serious, nothing beside the screen.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LooksTests
{
    [Fact]
    public async Task Pages_can_be_used_by_everybody_in_both_languages_and_themes_and_on_a_phone()
    {
        await using var sales = await SalesHub.StartAsync();
        var asking = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/");
        await asking.GetByLabel("Your name").FillAsync("Lee");
        await asking.GetByRole(AriaRole.Button, new() { Name = "Send to the admins" }).ClickAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            // So that the app's page has a history to show.
            await sales.PostAsync("/api/v1/apps/sales/start");
            foreach (var (locale, dark, width) in new[] { ("en-US", false, 1280), ("ko-KR", true, 1280), ("ko-KR", false, 375), ("en-US", true, 375) })
            {
                foreach (var address in new[] { sales.Stranger.Origin + "/", sales.Kim.Origin + "/", sales.Kim.Origin + "/open/demo/", sales.Kim.Origin + "/nothing" })
                {
                    await LookAsync(await sales.Browser.OpenAsync(address, locale, width, dark: dark), locale, address);
                }

                foreach (var path in new[] { "/", "/users", "/requests", "/apps/sales" })
                {
                    var page = await sales.OpenAdminAsync(path, locale, width, dark);
                    await Assertions.Expect(page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
                    await LookAsync(page, locale, path);
                }
            }
        });
    }

    private static async Task LookAsync(IPage page, string locale, string what)
    {
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", locale[..2]);
        await Axe.CheckAsync(page);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0, what);
        await page.CloseAsync();
    }
}
