using System.Net;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;
using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The main job, with a real Streamlit and a real browser.</summary>
public sealed class MainJobTests(UsualHub shared) : IClassFixture<UsualHub>
{
    private const int UploadSize = 100 * 1024 * 1024;

    [Fact]
    public async Task A_stranger_is_refused_everywhere_and_learns_no_apps_name()
    {
        var sales = await shared.GetAsync();
        await sales.AddUserAsync("jang", "127.0.0.21", "hidden");
        using var stranger = new PersonaClient("127.0.0.9");
        foreach (var path in (string[])["/", "/open/hidden/", "/app/hidden/", "/app/hidden/_stcore/stream", "/app/hidden/_stcore/health"])
        {
            using var answer = await stranger.Http.GetAsync(new Uri(sales.Hub.UsersOrigin + path));
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync()).Should().NotContain(">hidden<").And.NotContain(">Sales<");
        }

        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Unregistered.Origin + "/");
            await Assertions.Expect(page.GetByText("127.0.0.9")).ToBeVisibleAsync();
            await Axe.CheckAsync(page);
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");

            var korean = await sales.Browser.OpenAsync(sales.Unregistered.Origin + "/", locale: "ko-KR");
            await Assertions.Expect(korean.Locator("html")).ToHaveAttributeAsync("lang", "ko");
            await Axe.CheckAsync(korean);
        });
        (await sales.InstanceAsync("hidden")).GetProperty("status").GetString().Should().Be("stopped");
    }

    [Fact]
    public async Task A_user_clicks_from_home_into_the_app_and_works_with_it()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var home = await sales.Browser.OpenAsync(sales.Kim.Origin + "/");
            await Assertions.Expect(home.GetByRole(AriaRole.Heading, new() { Name = "kim" })).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByText("127.0.0.7")).ToBeVisibleAsync();
            await Assertions.Expect(home.GetByText("Demo")).ToHaveCountAsync(0);
            await Axe.CheckAsync(home);

            await home.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" }).ClickAsync();
            var app = home.FrameLocator("iframe");
            await Assertions.Expect(app.Locator(".start, [data-testid=stApp]").First).ToBeVisibleAsync();
            await Assertions.Expect(app.GetByTestId("stApp").GetByRole(AriaRole.Heading, new() { Name = "Sales" })).ToBeVisibleAsync();
            await Assertions.Expect(app.GetByText("User is kim")).ToBeVisibleAsync();
            await Assertions.Expect(home).ToHaveTitleAsync("Sales report");

            await app.GetByRole(AriaRole.Slider).FocusAsync();
            await home.Keyboard.PressAsync("ArrowRight");
            await Assertions.Expect(app.GetByText("Level is 6")).ToBeVisibleAsync();

            await UploadAsync(sales, app);
            await Assertions.Expect(app.GetByText($"Received {UploadSize} bytes")).ToBeVisibleAsync();

            var download = await home.RunAndWaitForDownloadAsync(() => app.GetByRole(AriaRole.Button, new() { Name = "Download report" }).ClickAsync());
            download.SuggestedFilename.Should().Be("report.bin");
            new FileInfo(await download.PathAsync()).Length.Should().Be(10_000);
        });
    }

    [Fact]
    public async Task A_deep_link_survives_the_cold_start_and_the_starting_page_turns_into_the_app()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var lee = await sales.AddUserAsync("lee", "127.0.0.22", "deep");
            var page = await sales.Browser.OpenAsync(lee.Origin + "/app/deep/?q=5");
            await Assertions.Expect(page.Locator(".start, [data-testid=stApp]").First).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("Query is 5")).ToBeVisibleAsync();
            page.Url.Should().EndWith("/app/deep/?q=5");
        });
    }

    [Fact]
    public async Task A_start_that_fails_shows_the_error_and_a_way_to_try_again()
    {
        var sales = await shared.GetAsync();
        await sales.SaveAppAsync("broken", new { name = "Broken", runtime = "command", command = new[] { "python3", "-c", "raise ValueError('no such luck')" } });
        await sales.SaveUserAsync("park", new { addresses = new[] { "127.0.0.23" }, apps = new[] { "broken" } });
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.From("127.0.0.23").Origin + "/app/broken/");
            await Assertions.Expect(page.Locator(".failure .line")).ToHaveTextAsync("ValueError: no such luck");
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".log")).ToContainTextAsync("Traceback");
            await Axe.CheckAsync(page);
        });
    }

    [Fact]
    public async Task The_dashboard_shows_the_session_and_restarts_the_app()
    {
        var sales = await shared.GetAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var choi = await sales.AddUserAsync("choi", "127.0.0.24", "board");
            var (_, app) = await sales.OpenAsync(choi, "board");
            var dashboard = await sales.OpenAdminAsync("/");
            var row = dashboard.Locator("tr[data-key=board]");
            await Assertions.Expect(row.GetByText("Running")).ToBeVisibleAsync();
            await Axe.CheckAsync(dashboard);

            await sales.SessionsAsync("board", 1);
            var before = await sales.PidAsync("board");
            await app.GetByRole(AriaRole.Button, new() { Name = "Compute" }).ClickAsync();
            await sales.UntilAsync("board", instance => instance.GetProperty("cpu").GetDouble() > 0);

            await row.GetByRole(AriaRole.Button, new() { Name = "Restart" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.IsIdle("choi", "127.0.0.24"));
            await Axe.CheckAsync(dashboard);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Restart now" }).ClickAsync();

            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            await sales.PidAsync("board", other: before);
            var (_, again) = await sales.OpenAsync(choi, "board");
            await Assertions.Expect(again.GetByText("Count is 0")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task Media_static_files_a_custom_component_and_further_pages_work()
    {
        var sales = await shared.GetAsync();
        await sales.SaveAppAsync("tour", new { name = "Tour", runtime = "streamlit", script = SalesHub.Script("tour/app.py") });
        await sales.SaveUserAsync("seo", new { addresses = new[] { "127.0.0.25" }, apps = new[] { "tour" } });
        var seo = sales.From("127.0.0.25");
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(seo.Origin + "/app/tour/");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tour" })).ToBeVisibleAsync();

            await page.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "Turn" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Dial is 7")).ToBeVisibleAsync();

            var sound = await page.Locator("audio").GetAttributeAsync("src");
            (await FetchAsync(page, sound!, "bytes=100-199")).Should().Be("206 100 bytes 100-199/160044");
            (await FetchAsync(page, "app/static/note.txt", "bytes=2-5")).Should().Be("206 4 bytes 2-5/25");

            await page.GetByRole(AriaRole.Link, new() { Name = "second" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Second" })).ToBeVisibleAsync();
            page.Url.Should().EndWith("/app/tour/second");

            await page.GotoAsync(seo.Origin + "/app/tour/second?q=9");
            await Assertions.Expect(page.GetByText("Query is 9")).ToBeVisibleAsync();
        });
    }

    private static async Task UploadAsync(SalesHub sales, IFrameLocator app)
    {
        var file = Path.Combine(sales.Hub.DataDirectory, "upload.bin");
        await using (var stream = File.Create(file))
        {
            stream.SetLength(UploadSize);
        }

        await app.Locator("input[type=file]").SetInputFilesAsync(file);
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
