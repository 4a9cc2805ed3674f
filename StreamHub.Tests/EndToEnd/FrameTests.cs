using Microsoft.Playwright;
using StreamHub.Tests.EndToEnd.Differential;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub's frame is no wall: what a browser shows around an app, and what an app can do with its browser, is the same in it as without the hub.</summary>
public sealed class FrameTests(UsualHub shared) : IClassFixture<UsualHub>
{
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
            var seenAlone = await (await AppView.OpenAloneAsync(sales.Browser, alone.Origin)).WalkAsync(FrameWalks.Pages);
            seenAlone.Select(seen => seen.Split(" | ")[0]).Should().Equal(FrameWalks.Pages.Select(step => step.Address));
            var framed = await AppView.OpenFramedAsync(sales.Browser, moon.Origin, "pages");
            await Assertions.Expect(framed.App.GetByRole(AriaRole.Heading, new() { Name = "/" })).ToBeVisibleAsync();

            // Browsers ask for this icon where a page names none.
            string[] expected = [.. seenAlone.Select(seen => seen.Replace("|  |", "| /favicon.ico |", StringComparison.Ordinal))];
            (await framed.WalkAsync(FrameWalks.Pages, expected)).Should().Equal(expected);
        });
    }

    [Fact]
    public async Task A_Streamlit_app_is_in_the_frame_and_without_it_as_it_is_alone()
    {
        var sales = await shared.GetAsync();
        string.Join('\n', await BrowserSuite.RunAsync(sales, await E2E.StreamlitPythonAsync())).Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_with_navigation_is_in_the_frame_as_it_is_alone()
    {
        var sales = await shared.GetAsync();
        var script = SalesHub.Script("rooms.py");
        await using var alone = await AloneApp.StreamlitAsync(await E2E.StreamlitPythonAsync(), script, _ => []);
        await sales.SaveAppAsync("rooms", new { name = "Rooms", runtime = "streamlit", script });
        await sales.SaveUserAsync("comet", new { addresses = new[] { "127.0.0.46" }, apps = new[] { "rooms" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var seenAlone = await (await AppView.OpenAloneAsync(sales.Browser, alone.Origin)).WalkAsync(FrameWalks.Rooms);
            seenAlone.Select(seen => seen.Split(" | ")[0]).Should().Equal(FrameWalks.Rooms.Select(step => step.Address));
            var framed = await AppView.OpenFramedAsync(sales.Browser, sales.From("127.0.0.46").Origin, "rooms");
            (await framed.WalkAsync(FrameWalks.Rooms, seenAlone)).Should().Equal(seenAlone);
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
            await view.ClickAsync(AriaRole.Button, "go");
            await Assertions.Expect(view.Page.Locator(".switch summary")).ToHaveTextAsync("two");
            view.Page.Url.Should().EndWith("/open/two/third");
            await view.GoAsync(-1);
            await Assertions.Expect(view.Page.Locator(".switch summary")).ToHaveTextAsync("one");
            foreach (var (role, name) in new[] { (AriaRole.Link, "tab"), (AriaRole.Button, "open") })
            {
                var tab = await view.Page.RunAndWaitForPopupAsync(() => view.ClickAsync(role, name));
                await Assertions.Expect(tab.GetByRole(AriaRole.Heading, new() { Name = "/third" })).ToBeVisibleAsync();
                tab.Url.Should().EndWith("/app/one/third");
            }

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
        var script = SalesHub.Script("sales.py");
        var venus = await sales.AddUserAsync("venus", "127.0.0.45", "embedded");
        await using var intranet = await LocalPage.StartAsync("""
            <!DOCTYPE html><title>Intranet</title>
            <script>
              const heard = [];
              addEventListener("message", ({ data }) => { if (data.stCommVersion === 1) heard.push(JSON.stringify(data, (name, value) => name.endsWith("At") ? 0 : value)); });
              const say = message => frames[0].postMessage({ stCommVersion: 1, ...message }, "*");
              document.write(`<iframe src="${new URLSearchParams(location.search).get("app")}"></iframe>`);
            </script>
            """);
        await using var alone = await AloneApp.StreamlitAsync(await E2E.StreamlitPythonAsync(), script, _ => [("STREAMLIT_CLIENT_ALLOWED_ORIGINS", intranet.Origin)]);
        await sales.SaveAppAsync("embedded", new { name = "Embedded", runtime = "streamlit", script, embedOrigins = new[] { intranet.Origin } });
        await sales.Browser.PlayAsync(async () =>
        {
            var heardAlone = await TellAsync(alone.Origin, page => page.FrameLocator("iframe"));
            heardAlone.Should().Contain(message => message.Contains("SET_PAGE_TITLE", StringComparison.Ordinal));
            (await TellAsync($"{venus.Origin}/open/embedded", page => page.FrameLocator("iframe").FrameLocator("iframe"))).Should().Equal(heardAlone);

            var other = await sales.Browser.OpenAsync($"http://{Browser.Named}:{intranet.Port}/?app={venus.Origin}/open/embedded/");
            await Eventually.TrueAsync(() => other.Frames.Count == 2 && other.Frames[1].Url.StartsWith("chrome-error:", StringComparison.Ordinal));
        });

        // What the app says, each once, while the host speaks with it.
        async Task<string[]> TellAsync(string address, Func<IPage, IFrameLocator> find)
        {
            var page = await sales.Browser.OpenAsync($"{intranet.Origin}/?app={address}/");
            var app = find(page);
            await Assertions.Expect(app.GetByText("Query is None")).ToBeVisibleAsync();
            foreach (var (message, query) in new[] { ("{ type: 'UPDATE_FROM_QUERY_PARAMS', queryParams: 'q=5' }", "5"), ("{ type: 'UPDATE_FROM_QUERY_PARAMS', queryParams: 'q=6' }", "6"), ("{ type: 'RERUN_SCRIPT' }", "6"), ("{ type: 'UPDATE_HASH', hash: '#part' }", "None") })
            {
                await page.EvaluateAsync($"say({message})");
                await Assertions.Expect(app.GetByText($"Query is {query}", new() { Exact = true })).ToBeVisibleAsync();
            }

            await Assertions.Expect(app.Locator("[data-test-script-state=notRunning]")).ToBeVisibleAsync();

            // Whether a run is still under way when the next one is asked for is a matter of time.
            return [.. (await page.EvaluateAsync<string[]>("heard")).Where(message => !message.Contains("rerunRequested", StringComparison.Ordinal)).Select(message => message.Replace(address, "", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    private static Task SavePagesAsync(SalesHub sales, string slug, Dictionary<string, string> env) =>
        sales.SaveAppAsync(slug, new { name = slug, runtime = "command", command = new[] { "python3", SalesHub.Script("pages.py"), "{port}", "/{basePath}" }, env });
}
