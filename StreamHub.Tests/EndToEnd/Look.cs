using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>How somebody sees the hub's pages.</summary>
/// <param name="Dark">Whether the system's colours are dark.</param>
internal sealed record Look(string Locale, bool Dark, int Width)
{
    /// <summary>Two that differ in everything: each language, each theme, a desk and a phone.</summary>
    public static IReadOnlyList<Look> All { get; } = [new("ko-KR", true, 1280), new("en-US", false, 375)];

    public bool IsKorean => Locale == "ko-KR";

    /// <summary>The page speaks the language; nothing that axe calls serious, nothing beside the screen.</summary>
    public async Task CheckAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", Locale[..2]);
        await Axe.CheckAsync(page);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0, page.Url);
    }
}
