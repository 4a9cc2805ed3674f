using Microsoft.Playwright;
using Xunit.Sdk;

namespace StreamHub.Tests.TestKit.Browsers;

public sealed class BrowserTests
{
    private const string Good = "<!doctype html><html lang=en><title>t</title><main><h1>Hello</h1><button>Go</button></main></html>";
    private const string Bad = "<!doctype html><html lang=en><title>t</title><main><h1>Hello</h1><img src='data:,'><button></button></main></html>";

    [Fact]
    public async Task A_browser_opens_a_page_as_a_persona_in_a_language()
    {
        await using var server = await LocalPage.StartAsync(Good);
        await using var forwarder = new SourceForwarder("127.0.0.7", server.Port);
        await using var browser = await Browser.GetAsync();
        await browser.PlayAsync(async () =>
        {
            var page = await browser.OpenAsync(forwarder.Origin, locale: "ko-KR");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Hello");
            (await page.EvaluateAsync<string>("navigator.language")).Should().Be("ko-KR");
            (await page.EvaluateAsync<string>("fetch('/who').then(r => r.text())")).Should().StartWith("127.0.0.7 ");
            await Axe.CheckAsync(page);
        });
    }

    [Fact]
    public async Task Axe_findings_fail_with_rule_and_element_and_leave_a_picture()
    {
        await using var server = await LocalPage.StartAsync(Bad);
        await using var browser = await Browser.GetAsync();
        var play = () => browser.PlayAsync(async () => await Axe.CheckAsync(await browser.OpenAsync(server.Origin)));
        (await play.Should().ThrowAsync<FailException>()).Which.Message.Should().Contain("button-name").And.Contain("<button>").And.Contain("image-alt");
        File.Exists(Path.Combine(AppContext.BaseDirectory, "TestResults", $"{TestContext.Current.TestMethod!.MethodName}-0.png")).Should().BeTrue();
    }
}
