using System.Net;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The main job, with a real Streamlit and a real browser.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class MainJobTests
{
    private const int UploadSize = 100 * 1024 * 1024;

    [Fact]
    public async Task A_stranger_is_refused_everywhere_and_learns_no_apps_name()
    {
        await using var sales = await SalesHub.StartAsync();
        using var stranger = new PersonaClient("127.0.0.9");
        foreach (var path in (string[])["/", "/open/sales/", "/app/sales/", "/app/sales/_stcore/stream", "/app/sales/_stcore/health"])
        {
            using var answer = await stranger.Http.GetAsync(new Uri(sales.Hub.UsersOrigin + path));
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync()).Should().NotContainEquivalentOf("sales report").And.NotContain(">Sales<");
        }

        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/");
            await Assertions.Expect(page.GetByText("127.0.0.9")).ToBeVisibleAsync();
            await Axe.CheckAsync(page);
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");

            var korean = await sales.Browser.OpenAsync(sales.Stranger.Origin + "/", locale: "ko-KR");
            await Assertions.Expect(korean.Locator("html")).ToHaveAttributeAsync("lang", "ko");
            await Axe.CheckAsync(korean);
        });
        (await sales.GetAsync("/api/v1/instances")).Should().NotContain("\"pid\":1", "nothing was started");
    }

    [Fact]
    public async Task A_user_clicks_from_home_into_the_app_and_works_with_it()
    {
        await using var sales = await SalesHub.StartAsync();
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
            await Assertions.Expect(app.GetByText($"Received {UploadSize} bytes")).ToBeVisibleAsync(new() { Timeout = 60_000 });

            var download = await home.RunAndWaitForDownloadAsync(() => app.GetByRole(AriaRole.Button, new() { Name = "Download report" }).ClickAsync());
            download.SuggestedFilename.Should().Be("report.bin");
            new FileInfo(await download.PathAsync()).Length.Should().Be(10_000);
        });
    }

    [Fact]
    public async Task A_deep_link_survives_the_cold_start_and_the_starting_page_turns_into_the_app()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/sales/?q=5");
            await Assertions.Expect(page.Locator(".start, [data-testid=stApp]").First).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("Query is 5")).ToBeVisibleAsync();
            page.Url.Should().EndWith("/app/sales/?q=5");
        });
    }

    [Fact]
    public async Task A_start_that_fails_shows_the_error_and_a_way_to_try_again()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.ApplyAsync(
            users: [new { name = "kim", apps = new[] { "sales", "broken" }, addresses = new[] { "127.0.0.7" } }],
            apps: [new { slug = "broken", name = "Broken", runtime = "command", command = new[] { "python3", "-c", "raise ValueError('no such luck')" } }]);
        await sales.Browser.PlayAsync(async () =>
        {
            var page = await sales.Browser.OpenAsync(sales.Kim.Origin + "/app/broken/");
            await Assertions.Expect(page.Locator(".failure .line")).ToHaveTextAsync("ValueError: no such luck");
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".log")).ToContainTextAsync("Traceback");
            await Axe.CheckAsync(page);
        });
    }

    [Fact]
    public async Task The_dashboard_shows_the_session_and_restarts_the_app()
    {
        await using var sales = await SalesHub.StartAsync();
        await sales.Browser.PlayAsync(async () =>
        {
            var (_, app) = await sales.OpenAsKimAsync();
            var dashboard = await sales.OpenAdminAsync("/");
            var row = dashboard.Locator("tr").Filter(new() { HasText = "Sales" });
            await Assertions.Expect(row.GetByText("Running")).ToBeVisibleAsync();
            await Axe.CheckAsync(dashboard);

            await sales.UntilAsync("sales", instance => instance.GetProperty("sessions").GetInt32() == 1);
            var before = await sales.InstanceAsync("sales");
            await app.GetByRole(AriaRole.Button, new() { Name = "Compute" }).ClickAsync();
            await CpuOverAsync(sales, 20);

            await row.GetByRole(AriaRole.Button, new() { Name = "Restart" }).ClickAsync();
            var dialog = dashboard.GetByRole(AriaRole.Dialog);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(SalesHub.KimIsIdle);
            await Axe.CheckAsync(dashboard);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Restart now" }).ClickAsync();

            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            await NewPidAsync(sales, before.GetProperty("pid").GetInt32());
            var (_, again) = await sales.OpenAsKimAsync();
            await Assertions.Expect(again.GetByText("Count is 0")).ToBeVisibleAsync();
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

    private static Task CpuOverAsync(SalesHub sales, double share) =>
        sales.UntilAsync("sales", row => row.GetProperty("cpu").GetDouble() > share);

    private static Task NewPidAsync(SalesHub sales, int old) =>
        sales.UntilAsync("sales", row => row.GetProperty("status").GetString() == "running" && row.GetProperty("pid").GetInt32() != old);
}
