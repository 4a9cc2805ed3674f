using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub's frame is no wall: what a browser shows around an app, and what an app can do with its browser, is the same in it as without the hub.</summary>
public sealed class FrameTests(UsualHub shared) : IClassFixture<UsualHub>
{
    /// <summary>What a visitor of pages.py does, and the address that the browser shows then.</summary>
    private static readonly (Func<AppView, Task> Act, string Address)[] Pages =
    [
        (view => Task.CompletedTask, "/"),
        (view => view.ClickAsync(AriaRole.Link, "second"), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Button, "repaint"), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Link, "part"), "/second?q=9#part"),
        (view => view.ClickAsync(AriaRole.Button, "push"), "/pushed?x=1"),
        (view => view.ClickAsync(AriaRole.Button, "fragment"), "/pushed?x=1#more"),
        (view => view.ClickAsync(AriaRole.Button, "replace"), "/replaced"),
        (view => view.ClickAsync(AriaRole.Button, "rename"), "/replaced"),
        (view => view.GoAsync(-1), "/pushed?x=1"),
        (view => view.GoAsync(-2), "/second?q=9"),
        (view => view.GoAsync(-1), "/"),
        (view => view.GoAsync(2), "/second?q=9#part"),
        (view => view.Page.ReloadAsync(), "/second?q=9#part"),
        (view => view.GoAsync(-1), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Link, "third"), "/third"),
        (view => view.ClickAsync(AriaRole.Button, "post"), "/second?posted"),
        (view => view.GoAsync(-1), "/third"),
        (view => view.OpenAsync("/second?q=7#part"), "/second?q=7#part"),
        (view => view.Page.EvaluateAsync("location.hash = 'typed'"), "/second?q=7#typed"),
        (view => view.GoAsync(-1), "/second?q=7#part"),
        (view => LogInAsync(view, "log in"), "/second?code=7"),
        (view => view.GoAsync(-2), "/second?q=7#part"),
        (view => view.ClickAsync(AriaRole.Link, "slow"), "/moved"),
    ];

    /// <summary>The same of the tour, a Streamlit app.</summary>
    private static readonly (Func<AppView, Task> Act, string Address)[] Tour =
    [
        (view => view.ShowsAsync("Code is None"), "/"),
        (view => ClickAsync(view, AriaRole.Link, "second", "Query is None"), "/second"),
        (view => ClickAsync(view, AriaRole.Button, "Ask", "Query is 5"), "/second?q=5"),
        (view => view.ClickAsync(AriaRole.Link, "down"), "/second?q=5#cellar"),
        (view => view.Page.ReloadAsync(), "/second?q=5#cellar"),
        (view => GoAsync(view, -1, "Query is 5"), "/second?q=5"),
        (view => GoAsync(view, -1, "Query is None"), "/second"),
        (view => GoAsync(view, -1, "Code is None"), "/"),
        (view => GoAsync(view, 2, "Query is 5"), "/second?q=5"),
        (view => ClickAsync(view, AriaRole.Link, "relative", "Query is 9"), "/second?q=9"),
        (view => ClickAsync(view, AriaRole.Link, "from the root", "Query is 8"), "/second?q=8"),
        (view => GoAsync(view, -1, "Query is 9"), "/second?q=9"),
        (view => OpenAsync(view, "/second?q=7#cellar", "Query is 7"), "/second?q=7#cellar"),
        (view => OpenAsync(view, "/nowhere", "Code is None"), "/"),
        (async view =>
            {
                await Assertions.Expect(view.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Page not found");
                await view.Page.Keyboard.PressAsync("Escape");
                await LogInAsync(view, "Log in");
                await view.ShowsAsync("Code is 7");
            }, "/?code=7"),
    ];

    [Fact]
    public async Task A_web_apps_address_title_icon_and_history_are_those_it_has_alone()
    {
        var sales = await shared.GetAsync();
        var script = SalesHub.Script("pages.py");
        await using var provider = await IdentityProvider.StartAsync();
        await using var alone = await AloneApp.CommandAsync(script, origin => [("LOGIN", $"{provider.Login}{origin}/second")]);
        var moon = sales.From("127.0.0.41");
        await SavePagesAsync(sales, "pages", new() { ["LOGIN"] = $"{provider.Login}{moon.Origin}/app/pages/second" });
        await sales.SaveUserAsync("moon", new { addresses = new[] { "127.0.0.41" }, apps = new[] { "pages" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var seenAlone = await (await AppView.OpenAloneAsync(sales.Browser, alone.Origin)).WalkAsync(Pages);
            seenAlone.Select(seen => seen.Split(" | ")[0]).Should().Equal(Pages.Select(step => step.Address));
            var framed = await AppView.OpenFramedAsync(sales.Browser, moon.Origin, "pages");
            await Assertions.Expect(framed.App.GetByRole(AriaRole.Heading, new() { Name = "/" })).ToBeVisibleAsync();

            // Browsers ask for this icon where a page names none.
            string[] expected = [.. seenAlone.Select(seen => seen.Replace("|  |", "| /favicon.ico |", StringComparison.Ordinal))];
            (await framed.WalkAsync(Pages, expected)).Should().Equal(expected);
        });
    }

    [Fact]
    public async Task A_Streamlit_app_is_in_the_frame_as_it_is_alone()
    {
        var sales = await shared.GetAsync();
        var script = SalesHub.Script("tour/app.py");
        await using var provider = await IdentityProvider.StartAsync();
        await using var alone = await AloneApp.StreamlitAsync(await E2E.StreamlitPythonAsync(), script, origin => [("LOGIN", $"{provider.Login}{origin}/")]);
        var star = sales.From("127.0.0.42");
        await sales.SaveAppAsync("house", new { name = "House", runtime = "streamlit", script, env = new Dictionary<string, string> { ["LOGIN"] = $"{provider.Login}{star.Origin}/app/house/" } });
        await sales.SaveUserAsync("star", new { addresses = new[] { "127.0.0.42" }, apps = new[] { "house" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var view = await AppView.OpenAloneAsync(sales.Browser, alone.Origin);
            var seenAlone = await view.WalkAsync(Tour);
            seenAlone.Select(seen => seen.Split(" | ")[0]).Should().Equal(Tour.Select(step => step.Address));
            var didAlone = await UseAsync(view);

            var framed = await AppView.OpenFramedAsync(sales.Browser, star.Origin, "house");
            (await framed.WalkAsync(Tour, seenAlone)).Should().Equal(seenAlone);
            (await UseAsync(framed)).Should().Equal(didAlone);
        });
    }

    [Fact]
    public async Task An_app_that_dies_and_does_not_come_back_shows_why_with_one_button_where_it_was()
    {
        var sales = await shared.GetAsync();
        var dead = Path.Combine(TestDirectory.Create(), "dead");
        await SavePagesAsync(sales, "mortal", new() { ["DEAD"] = dead });
        await sales.SaveUserAsync("sun", new { addresses = new[] { "127.0.0.43" }, apps = new[] { "mortal" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var view = await AppView.OpenFramedAsync(sales.Browser, sales.From("127.0.0.43").Origin, "mortal");
            await view.ClickAsync(AriaRole.Link, "second");
            await Assertions.Expect(view.App.GetByRole(AriaRole.Heading, new() { Name = "/second" })).ToBeVisibleAsync();
            await view.ClickAsync(AriaRole.Button, "die");
            await Assertions.Expect(view.App.Locator(".failure .line")).ToHaveTextAsync("ValueError: no such luck");
            await Assertions.Expect(view.App.GetByRole(AriaRole.Button)).ToHaveCountAsync(1);
            await Axe.CheckAsync(view.Page);

            File.Delete(dead);
            await view.ClickAsync(AriaRole.Button, "Try again");
            (await view.WalkAsync([(shown => Assertions.Expect(shown.App.GetByRole(AriaRole.Heading, new() { Name = "/second" })).ToBeVisibleAsync(), "/second?q=9")])).Should().Equal("/second?q=9 | Second | /icon.svg | +0");
        });
    }

    [Fact]
    public async Task Other_apps_and_the_hubs_pages_take_the_window_and_a_login_that_a_form_begins_is_told()
    {
        var sales = await shared.GetAsync();
        await using var provider = await IdentityProvider.StartAsync();
        await SavePagesAsync(sales, "one", new() { ["OTHER"] = "two", ["LOGIN"] = provider.Login });
        await SavePagesAsync(sales, "two", []);
        await sales.SaveUserAsync("mars", new { addresses = new[] { "127.0.0.44" }, apps = new[] { "one", "two" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var view = await AppView.OpenFramedAsync(sales.Browser, sales.From("127.0.0.44").Origin, "one");
            await Assertions.Expect(view.App.GetByRole(AriaRole.Heading, new() { Name = "/" })).ToBeVisibleAsync();
            await view.ClickAsync(AriaRole.Link, "another app");
            await Assertions.Expect(view.Page.Locator(".switch summary")).ToHaveTextAsync("two");
            view.Page.Url.Should().EndWith("/open/two/");
            await view.GoAsync(-1);
            await Assertions.Expect(view.Page.Locator(".switch summary")).ToHaveTextAsync("one");
            await view.ClickAsync(AriaRole.Link, "home of the hub");
            await Assertions.Expect(view.Page.GetByRole(AriaRole.Heading, new() { Name = "Hello, mars" })).ToBeVisibleAsync();
            await view.GoAsync(-1);

            await view.ClickAsync(AriaRole.Button, "post and log in");
            await view.Page.Locator(".banner").GetByRole(AriaRole.Button, new() { Name = "Open without header" }).ClickAsync();
            await Assertions.Expect(view.Page.GetByRole(AriaRole.Heading, new() { Name = "/" })).ToBeVisibleAsync();
            view.Page.Url.Should().EndWith("/app/one/");
        });
    }

    [Fact]
    public async Task A_site_that_the_app_names_may_frame_it_and_is_the_host_of_its_messages()
    {
        var sales = await shared.GetAsync();
        var venus = await sales.AddUserAsync("venus", "127.0.0.45", "embedded");
        await using var intranet = await LocalPage.StartAsync($$"""
            <!DOCTYPE html><title>Intranet</title><iframe src="{{venus.Origin}}/open/embedded/"></iframe>
            <script>
              const heard = [];
              addEventListener("message", ({ origin, data }) => heard.push(`${origin} ${data.type} ${data.title ?? ""}`));
              const say = message => frames[0].postMessage({ stCommVersion: 1, ...message }, "*");
            </script>
            """);
        await sales.SaveAppAsync("embedded", new { name = "Embedded", runtime = "streamlit", script = SalesHub.Script("sales.py"), embedOrigins = new[] { intranet.Origin } });
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(intranet.Origin);
            var app = page.FrameLocator("iframe").FrameLocator("iframe");
            await Assertions.Expect(app.GetByText("Query is None")).ToBeVisibleAsync();
            (await page.EvaluateAsync<string[]>("heard")).Should().Contain($"{venus.Origin} SET_PAGE_TITLE Sales report");
            await page.EvaluateAsync("say({ type: 'UPDATE_FROM_QUERY_PARAMS', queryParams: 'q=5' })");
            await Assertions.Expect(app.GetByText("Query is 5")).ToBeVisibleAsync();

            var other = await sales.Browser.OpenAsync($"http://{Browser.Named}:{intranet.Port}");
            await Eventually.TrueAsync(() => other.Frames.Count == 2 && other.Frames[1].Url.StartsWith("chrome-error:", StringComparison.Ordinal));
        });
    }

    private static Task SavePagesAsync(SalesHub sales, string slug, Dictionary<string, string> env) =>
        sales.SaveAppAsync(slug, new { name = slug, runtime = "command", command = new[] { "python3", SalesHub.Script("pages.py"), "{port}", "/{basePath}" }, env });

    private static async Task ClickAsync(AppView view, AriaRole role, string name, string shows)
    {
        await view.ClickAsync(role, name);
        await view.ShowsAsync(shows);
    }

    private static async Task GoAsync(AppView view, int steps, string shows)
    {
        await view.GoAsync(steps);
        await view.ShowsAsync(shows);
    }

    private static async Task OpenAsync(AppView view, string rest, string shows)
    {
        await view.OpenAsync(rest);
        await view.ShowsAsync(shows);
    }

    private static async Task LogInAsync(AppView view, string name)
    {
        await view.App.GetByText(name, new() { Exact = true }).ClickAsync();
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>What else an app does with its browser: features, media, download, upload, a component of its own, its address.</summary>
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
        return
        [
            .. features, media, download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync()),
            view.Plain(await view.App.GetByText("Address is").InnerTextAsync()),
        ];
    }
}
