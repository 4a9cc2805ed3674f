using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>What a Streamlit app serves beside its script's output, through the hub.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StreamlitFeaturesTests
{
    [Fact]
    public async Task Media_static_files_a_custom_component_and_further_pages_work()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.ApplyAsync(
            users: [new { name = "kim", apps = new[] { "tour" }, addresses = new[] { "127.0.0.7" } }],
            apps: [new { slug = "tour", name = "Tour", runtime = "streamlit", script = SalesHub.Script("tour/app.py") }]);
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/tour/");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tour" })).ToBeVisibleAsync();

            await page.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Turn" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Dial is 7")).ToBeVisibleAsync();

            var sound = await page.Locator("audio").GetAttributeAsync("src");
            (await FetchAsync(page, sound!, "bytes=100-199")).Should().Be("206 100 bytes 100-199/160044");
            (await FetchAsync(page, "app/static/note.txt", "bytes=2-5")).Should().Be("206 4 bytes 2-5/25");

            await page.GetByRole(AriaRole.Link, new() { Name = "second" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Second" })).ToBeVisibleAsync();
            page.Url.Should().EndWith("/app/tour/second");

            await page.GotoAsync(sales.Kim.Origin + "/app/tour/second?q=9");
            await Assertions.Expect(page.GetByText("Query is 9")).ToBeVisibleAsync();
        });
    }

    /// <summary>Status, length and range of what the page fetches.</summary>
    private static Task<string> FetchAsync(IPage page, string address, string range) => page.EvaluateAsync<string>(
        """
        async ([address, range]) => {
          const answer = await fetch(address, { headers: { Range: range } });
          return `${answer.status} ${(await answer.arrayBuffer()).byteLength} ${answer.headers.get("Content-Range")}`;
        }
        """,
        new[] { address, range });
}
