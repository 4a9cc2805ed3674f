using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit.Browsers;

/// <summary>The pages of one test in the shared Chromium. Each has cookies of its own, a fixed language and size and no animation.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>This machine by a name. Over plain HTTP a browser trusts such a name less than an address of its own machine, and says less to it.</summary>
    public const string Named = "thebox";

    private const float Patience = 60_000;

    private readonly IBrowser chromium;
    private readonly ConcurrentBag<IBrowserContext> contexts = [];

    private Browser(IBrowser chromium) => this.chromium = chromium;

    /// <summary>Skips the test where the machine has no Chromium.</summary>
    public static async Task<Browser> GetAsync() => new(await SharedChromium.GetAsync());

    /// <summary>A page in a context of its own; without <paramref name="scripts"/> in a browser that runs none.</summary>
    public async Task<IPage> OpenAsync(string url, string locale = "en-US", int width = 1280, int height = 800, bool dark = false, bool scripts = true)
    {
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = locale,
            TimezoneId = "Asia/Seoul",
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(Patience);
        contexts.Add(context);
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>Plays a scenario and closes its pages; when it fails, every open page is left as a picture in TestResults, and the text of each of its frames in the test's output.</summary>
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
        finally
        {
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (contexts.TryTake(out var context))
        {
            await context.CloseAsync();
        }
    }

    private async Task ShowPagesAsync()
    {
        var test = TestContext.Current.TestMethod?.MethodName ?? "unknown";
        var number = 0;
        foreach (var page in contexts.SelectMany(context => context.Pages))
        {
            var path = Path.Combine(AppContext.BaseDirectory, "TestResults", $"{test}-{number++}.png");
            try
            {
                foreach (var frame in page.Frames)
                {
                    TestContext.Current.TestOutputHelper?.WriteLine($"{frame.Url}:\n{await frame.Locator("body").InnerTextAsync(new() { Timeout = 5000 })}");
                }

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
