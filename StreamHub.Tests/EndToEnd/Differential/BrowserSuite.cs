using Microsoft.Playwright;
using StreamHub.Tests.EndToEnd.Hubs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>Walks through the tour in a browser by <c>streamlit run</c>, through the hub and in the hub's frame, and compares what the browser shows and the app can do.</summary>
internal static class BrowserSuite
{
    private const string Person = "127.0.0.42";

    /// <returns>The differences, each as <c>where: alone → through the hub</c>.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(SalesHub sales, string python)
    {
        var script = SalesHub.Script("tour/app.py");
        await using var provider = await IdentityProvider.StartAsync();
        await using var alone = await AloneApp.StreamlitAsync(python, script, origin => [("LOGIN", $"{provider.Login}{origin}/")]);
        var star = sales.From(Person);
        await sales.SaveAppAsync("house", new { name = "House", runtime = "streamlit", script, python, env = new Dictionary<string, string> { ["LOGIN"] = $"{provider.Login}{star.Origin}/app/house/" } });
        await sales.SaveUserAsync("star", new { addresses = new[] { Person }, apps = new[] { "house" } });
        var differences = new List<string>();
        await sales.Browser.PlayAsync(async () =>
        {
            var view = await AppView.OpenAloneAsync(sales.Browser, alone.Origin);
            await view.ShowsAsync("Code is None");

            var walk = await view.App.GetByRole(AriaRole.Button, new() { Name = "Log in" }).CountAsync() > 0 ? FrameWalks.Tour : FrameWalks.OldTour;
            var seenAlone = await view.WalkAsync(walk);
            seenAlone.Select(seen => seen.Split(" | ")[0]).Should().Equal(walk.Select(step => step.Address));
            var didAlone = await UseAsync(view);
            foreach (var (where, open) in new (string, Func<Browser, string, string, Task<AppView>>)[] { ("without the frame", AppView.OpenBareAsync), ("in the frame", AppView.OpenFramedAsync) })
            {
                var through = await open(sales.Browser, star.Origin, "house");
                string[] seen = [.. await through.WalkAsync(walk, seenAlone), .. await UseAsync(through)];
                differences.AddRange(seenAlone.Concat(didAlone).Zip(seen).Where(pair => pair.First != pair.Second).Select(pair => $"{where}: {pair.First} → {pair.Second}"));
            }
        });
        return differences;
    }

    /// <summary>What else an app does with its browser: features, media, download, upload, components of its own, static files, theme, what it knows of its client.</summary>
    private static async Task<List<string>> UseAsync(AppView view)
    {
        var features = await view.App.EvaluateAsync<string[]>("() => document.featurePolicy.allowedFeatures().sort()");
        features.Should().Contain(["camera", "clipboard-write", "fullscreen"]);
        var media = await view.App.Locator("audio").EvaluateAsync<string>("""
            async audio => {
              const answer = await fetch(audio.src, { headers: { Range: "bytes=100-199" } });
              return `${answer.status} ${(await answer.arrayBuffer()).byteLength} ${answer.headers.get("Content-Range")} ${answer.headers.get("Content-Type")}`;
            }
            """);
        var download = await view.Page.RunAndWaitForDownloadAsync(() => view.ClickAsync(AriaRole.Button, "Take it"));
        await view.App.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "note.txt", MimeType = "text/plain", Buffer = "hello"u8.ToArray() });
        await view.ShowsAsync("It says hello");
        await view.App.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Turn" }).ClickAsync();
        await view.ShowsAsync("Dial is 7");
        if (await view.App.GetByRole(AriaRole.Button, new() { Name = "Twist" }).CountAsync() > 0)
        {
            await view.ClickAsync(AriaRole.Button, "Twist");
            await view.ShowsAsync("Knob is 7");
        }

        var files = await view.App.EvaluateAsync<string[]>("""
            () => Promise.all(["app/static/note.txt", "/app/static/note.txt", "app/static/none.txt"].map(async path => {
              const answer = await fetch(path);
              return `${answer.status} ${await answer.text()}`;
            }))
            """);
        files[0].Should().Be(files[1]).And.StartWith("200 ");
        var theme = await view.App.GetByTestId("stApp").EvaluateAsync<string>("app => [getComputedStyle(app).backgroundColor, getComputedStyle(app).fontFamily].join(' ')");
        return
        [
            .. features, media, download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync()), .. files, theme,
            view.Plain(await view.App.GetByText("Address is").InnerTextAsync()), await view.App.GetByText("Client is").InnerTextAsync(),
        ];
    }
}
