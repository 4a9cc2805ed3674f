using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit;

/// <summary>A headless Chromium. Every context has a fixed language, size and no animation.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>This machine by a name. Over plain HTTP a browser trusts such a name less than an address of its own machine, and says less to it.</summary>
    public const string Named = "thebox";

    /// <summary>How long what is expected of a page may take, in milliseconds: two busy cores load one in seconds.</summary>
    private const float Patience = 30_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Starts it; skips the test where the machine has none.</summary>
    public static async Task<Browser> LaunchAsync()
    {
        var path = await E2E.ChromiumAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", $"--host-resolver-rules=MAP {Named} 127.0.0.1",
            ],
        });
        return new Browser(driver, chromium);
    }

    /// <summary>A page in a context of its own; without <paramref name="scripts"/> in a browser that runs none.</summary>
    public async Task<IPage> OpenAsync(string url, string locale = "en-US", int width = 1280, int height = 800, bool dark = false, bool scripts = true)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = locale,
            TimezoneId = "Asia/Seoul",
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = scripts,
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>Plays a scenario; when it fails, every open page is left as a picture in TestResults, and as text in the test's output.</summary>
    public async Task PlayAsync(Func<Task> scenario)
    {
        try
        {
            await scenario();
        }
        catch (Exception)
        {
            await ShowPagesAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private async Task ShowPagesAsync()
    {
        var test = TestContext.Current.TestMethod?.MethodName ?? "unknown";
        var number = 0;
        foreach (var page in browser.Contexts.SelectMany(context => context.Pages))
        {
            var path = Path.Combine(AppContext.BaseDirectory, "TestResults", $"{test}-{number++}.png");
            try
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{page.Url}:\n{await page.Locator("body").InnerTextAsync(new() { Timeout = 5000 })}");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, Timeout = 5000 });
                TestContext.Current.SendDiagnosticMessage($"{page.Url}: {path}");
            }
            catch (PlaywrightException unseen)
            {
                // The picture is an extra: the failure it illustrates must stay the one reported.
                TestContext.Current.SendDiagnosticMessage($"{page.Url}: no picture: {unseen.Message}");
            }
        }
    }
}
