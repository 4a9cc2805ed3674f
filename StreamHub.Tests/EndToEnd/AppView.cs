using System.Globalization;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>An app in a browser: alone, or through the hub, in its frame or without it.</summary>
/// <param name="bar">What the address bar begins with at the app's first page, without a slash at its end.</param>
/// <param name="own">What the app's own addresses begin with.</param>
internal sealed class AppView(IPage page, string bar, string own)
{
    private const string Look = """
        () => [location.href, document.title, [...document.querySelectorAll("link[rel~=icon]")].map(icon => icon.href).join(" "), `${history.length}`]
        """;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    private int before;

    public IPage Page => page;

    /// <summary>The app's document.</summary>
    public ILocator App => bar == own ? page.Locator("html") : page.FrameLocator("iframe").Locator("html");

    public static Task<AppView> OpenAloneAsync(Browser browser, string origin) => OpenAsync(browser, origin, origin);

    /// <summary>Through the hub without its frame.</summary>
    public static Task<AppView> OpenBareAsync(Browser browser, string origin, string slug) => OpenAsync(browser, $"{origin}/app/{slug}", $"{origin}/app/{slug}");

    public static Task<AppView> OpenFramedAsync(Browser browser, string origin, string slug) => OpenAsync(browser, $"{origin}/open/{slug}", $"{origin}/app/{slug}");

    /// <summary>Opens what the address bar has shown, as from a bookmark.</summary>
    public Task OpenAsync(string rest) => page.GotoAsync(bar + rest);

    /// <summary>Goes through the history as the browser's buttons do.</summary>
    public Task GoAsync(int steps) => page.EvaluateAsync("steps => { setTimeout(() => history.go(steps)) }", steps);

    public Task ClickAsync(AriaRole role, string name) => App.GetByRole(role, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>Waits for a text of a Streamlit app and for the end of its script.</summary>
    public async Task ShowsAsync(string text)
    {
        await Assertions.Expect(App.GetByText(text, new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(App.Locator("[data-test-script-state=notRunning]")).ToBeVisibleAsync();
    }

    /// <summary>Does each step and looks.</summary>
    /// <param name="expected">What the browser shows after each step in the end, if that is known.</param>
    public async Task<List<string>> WalkAsync(IEnumerable<(Func<AppView, Task> Act, string Address)> steps, IReadOnlyList<string>? expected = null)
    {
        var seen = new List<string>();
        foreach (var (act, address) in steps)
        {
            await act(this);
            seen.Add(await SeeAsync(address, expected?[seen.Count]));
        }

        return seen;
    }

    /// <summary>An address without what is different alone and in the frame.</summary>
    public string Plain(string address) => address.Replace(bar, "", StringComparison.Ordinal).Replace(own, "", StringComparison.Ordinal);

    /// <summary>What the browser shows around the app, once the address bar says so: title, icons, and entries in its history since the first page.</summary>
    private async Task<string> SeeAsync(string address, string? expected)
    {
        var seen = "";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    seen = await LookAsync();
                    return expected is null ? seen.StartsWith($"{address} | ", StringComparison.Ordinal) : seen == expected;
                },
                patience: Settled);
        }
        catch (TimeoutException)
        {
            // The caller compares what is seen instead.
        }

        return seen;
    }

    private async Task<string> LookAsync()
    {
        try
        {
            var seen = await page.EvaluateAsync<string[]>(Look);
            var entries = int.Parse(seen[3], CultureInfo.InvariantCulture);
            before = before == 0 ? entries : before;
            return $"{Plain(seen[0])} | {seen[1]} | {Plain(seen[2])} | +{entries - before}";
        }
        catch (PlaywrightException leaving)
        {
            return leaving.Message;
        }
    }

    private static async Task<AppView> OpenAsync(Browser browser, string bar, string own) => new(await browser.OpenAsync(bar + "/"), bar, own);
}
