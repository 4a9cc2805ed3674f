using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(StreamHub.Tests.TestKit.Browsers.SharedChromium))]

namespace StreamHub.Tests.TestKit.Browsers;

/// <summary>The one Chromium of a test run: started by the first test that needs it, ended after the last.</summary>
public sealed class SharedChromium : IAsyncDisposable
{
    /// <summary>How long what is expected of a page may take, in milliseconds: a deadline for failures, far beyond what any machine takes.</summary>
    private const float Patience = 60_000;

    private static readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> Started = new(StartAsync);

    internal static async Task<IBrowser> GetAsync() => (await Started.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (Started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (driver, browser) = await Started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var path = await E2E.ChromiumAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", $"--host-resolver-rules=MAP {Browser.Named} 127.0.0.1",
            ],
        });
        return (driver, browser);
    }
}
