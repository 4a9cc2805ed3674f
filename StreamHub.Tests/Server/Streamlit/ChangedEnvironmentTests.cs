using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What a visitor gets of a run whose Streamlit is another one on the disk by now.</summary>
public sealed class ChangedEnvironmentTests : IAsyncLifetime
{
    private static readonly AppSlug Demo = AppSlug.Parse("demo");
    private static readonly InstanceKey Key = new(Demo);
    private static readonly App DemoApp = new(Demo, "Demo", new AppRuntime.Streamlit("/x.py", null));

    private readonly string environment = TestDirectory.Create();
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Package => Path.Combine(environment, "current", "streamlit");

    private string Static => Path.Combine(Package, "static");

    public async ValueTask InitializeAsync()
    {
        Install("v1", "old");
        Install("v2", "new");
        Directory.CreateSymbolicLink(Path.Combine(environment, "current"), Path.Combine(environment, "v1"));
        hub = await ReadyApp.StartAsync(asksRuns: true);
        backend = await RecordingBackend.StartAsync();

        // As Streamlit answers: from the disk, any unknown path with the page, and 500 without it.
        backend.Answer = async context =>
        {
            var page = Path.Combine(Static, "index.html");
            context.Response.StatusCode = File.Exists(page) ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
            context.Response.ContentType = File.Exists(page) ? "text/html" : "text/plain";
            await context.Response.WriteAsync(File.Exists(page) ? await File.ReadAllTextAsync(page, Cancellation) : "Internal Server Error", Cancellation);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    public static TheoryData<string> Changes => ["none", "upgraded", "removed", "moved", "emptied", "parts are missing", "only the page is missing", "switched", "written by its author"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_page_and_its_files_are_those_that_the_run_began_with(string change)
    {
        await BeginAsync();

        Change(change);

        var page = await ReadAsync("");
        page.Should().Contain("/_hub/assets/bare.js").And.Contain("./static/js/old.js");
        page.Contains("analytics", StringComparison.Ordinal).Should().Be(change == "written by its author", "a page of the same version stays as the app sends it");
        (await ReadAsync("static/js/old.js")).Should().Be("old");
        (await ReadAsync("static/js/part.old.js")).Should().Be("part of old");
    }

    [Fact]
    public async Task The_next_run_has_the_new_page_and_open_tabs_of_the_earlier_one_still_get_their_parts()
    {
        var first = await BeginAsync();
        Change("upgraded");

        var second = await BeginAsync();
        hub.Get<RunReports>().Prune(new HashSet<RunId> { second });

        second.Should().NotBe(first);
        (await ReadAsync("")).Should().Contain("./static/js/new.js").And.NotContain("old.js").And.Contain($"data-page=\"{Report("new").Page}\"");
        (await hub.Client.GetStringAsync(new Uri(hub.Address, "/_hub/apps/demo/status"), Cancellation)).Should().Contain($"\"page\":\"{Report("new").Page}\"", "open pages of another version reload by it");
        (await ReadAsync("static/js/part.new.js")).Should().Be("part of new");
        (await ReadAsync("static/js/part.old.js")).Should().Be("part of old");
        using var missing = await AskAsync("static/js/none.js");
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("500 of a route while the page is there")]
    [InlineData("404 of a route while the page is there")]
    public async Task A_failure_of_the_app_itself_passes(string answer)
    {
        await BeginAsync();
        backend.Answer = context =>
        {
            context.Response.StatusCode = int.Parse(answer[..3], System.Globalization.CultureInfo.InvariantCulture);
            return context.Response.WriteAsync("its own", Cancellation);
        };

        using var response = await AskAsync("orders");

        ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)).Should().Be((int.Parse(answer[..3], System.Globalization.CultureInfo.InvariantCulture), "its own"));
    }

    [Fact]
    public async Task The_next_hub_has_the_page_of_a_run_that_outlived_the_change()
    {
        var run = await BeginAsync();
        Change("removed");

        await using var next = NextHub(out var reports);
        reports.Keep(run, Demo, Report("old"));

        await Eventually.TrueAsync(() => next.Lost(run) is not null);
        next.Match(run, "<script src=\"./static/js/new.js\"></script>"u8.ToArray()).Should().Equal(next.Lost(run));
    }

    [Fact]
    public async Task A_copy_that_was_damaged_is_made_anew()
    {
        var run = await BeginAsync();
        var copy = hub.Get<StreamlitPages>().Loaded(DemoApp).Single().Path;
        await File.WriteAllTextAsync(Path.Combine(copy, "static", "js", "old.js"), "", Cancellation);

        await using var next = NextHub(out var reports);
        reports.Keep(run, Demo, Report("old"));

        await Eventually.TrueAsync(() => next.Loaded(DemoApp).Any());
        (await File.ReadAllTextAsync(Path.Combine(copy, "static", "js", "old.js"), Cancellation)).Should().Be("old");
    }

    [Fact]
    public async Task Equal_files_of_two_apps_are_one_copy_and_what_an_app_has_changed_is_for_itself()
    {
        var (run, other, evil) = (await BeginAsync(), new RunId(2001), new RunId(2002));
        await using var next = NextHub(out var reports);
        reports.Keep(run, Demo, Report("old"));
        reports.Keep(other, AppSlug.Parse("other"), Report("old"));
        await Eventually.TrueAsync(() => next.Loaded(DemoApp).Any() && next.Loaded(DemoApp with { Slug = AppSlug.Parse("other") }).Any());
        await File.WriteAllTextAsync(Path.Combine(Static, "static", "js", "old.js"), "evil", Cancellation);

        reports.Keep(evil, AppSlug.Parse("evil"), Report("old"));

        await Eventually.TrueAsync(() => next.Loaded(DemoApp with { Slug = AppSlug.Parse("evil") }).Any());
        var folders = ((string[])["demo", "other", "evil"]).Select(slug => next.Loaded(DemoApp with { Slug = AppSlug.Parse(slug) }).Single().Path).ToArray();
        folders[1].Should().Be(folders[0]).And.NotBe(folders[2]);
        (await File.ReadAllTextAsync(Path.Combine(folders[0], "static", "js", "old.js"), Cancellation)).Should().Be("old");
    }

    [Theory]
    [InlineData("the page is another by now")]
    [InlineData("a file is a link out of the folder")]
    [InlineData("there are too many bytes")]
    public async Task What_is_no_page_of_the_run_is_not_copied_and_the_app_answers(string reason)
    {
        var part = Path.Combine(Static, "static", "js", "old.js");
        switch (reason[0])
        {
            case 't' when reason.Contains("page", StringComparison.Ordinal):
                Change("upgraded");
                break;
            case 'a':
                File.Delete(part);
                File.CreateSymbolicLink(part, Path.Combine(hub.DataDirectory, "hub.db"));
                break;
            default:
                await using (var huge = File.OpenWrite(part))
                {
                    huge.SetLength((256L << 20) + 1);
                }

                break;
        }

        var run = await hub.ReadyAsync(backend);
        hub.Get<RunReports>().Keep(run, Demo, Report("old"));
        await hub.Get<StreamlitPages>().DisposeAsync();

        hub.Get<StreamlitPages>().Loaded(DemoApp).Should().BeEmpty();
        (await ReadAsync("")).Should().Contain(reason.Contains("page", StringComparison.Ordinal) ? "new.js" : "old.js");
        new DirectoryInfo(Path.Combine(hub.DataDirectory, "pages")).Should().Match<DirectoryInfo>(pages => !pages.Exists || !pages.EnumerateFileSystemInfos().Any());
    }

    private static string PageOf(string version) => $"<head></head><script src=\"./static/js/{version}.js\"></script>";

    private void Install(string folder, string version)
    {
        var files = Path.Combine(environment, folder, "streamlit", "static");
        Directory.CreateDirectory(Path.Combine(files, "static", "js"));
        File.WriteAllText(Path.Combine(files, "index.html"), PageOf(version));
        File.WriteAllText(Path.Combine(files, "static", "js", $"{version}.js"), version);
        File.WriteAllText(Path.Combine(files, "static", "js", $"part.{version}.js"), $"part of {version}");
    }

    private void Change(string change)
    {
        var now = Path.Combine(environment, "v1", "streamlit");
        switch (change)
        {
            case "upgraded":
                Directory.Delete(now, recursive: true);
                Install("v1", "new");
                break;
            case "removed":
                Directory.Delete(now, recursive: true);
                break;
            case "moved":
                Directory.Move(Path.Combine(environment, "v1"), Path.Combine(environment, "v3"));
                break;
            case "emptied":
                Directory.Delete(now, recursive: true);
                Directory.CreateDirectory(Static);
                break;
            case "parts are missing":
                Directory.Delete(Path.Combine(Static, "static"), recursive: true);
                break;
            case "only the page is missing":
                File.Delete(Path.Combine(Static, "index.html"));
                break;
            case "switched":
                Directory.Delete(Path.Combine(environment, "current"));
                Directory.CreateSymbolicLink(Path.Combine(environment, "current"), Path.Combine(environment, "v2"));
                break;
            case "written by its author":
                File.WriteAllText(Path.Combine(Static, "index.html"), PageOf("old").Replace("<head>", "<head><script>analytics()</script>", StringComparison.Ordinal));
                break;
        }
    }

    private RunReport Report(string version) => new() { Folder = Package, Page = WebFiles.HashOf(System.Text.Encoding.UTF8.GetBytes(PageOf(version))) };

    /// <summary>A run of the app that has just told what it has loaded; its files are copied.</summary>
    private async Task<RunId> BeginAsync()
    {
        if (hub.Supervisor.State.Find(Key)?.ReadyRun is not null)
        {
            hub.Supervisor.Post(new HubEvent.RestartRequested(Key, Drain: true, Why: null, By: "admin"));
        }

        var run = await hub.ReadyAsync(backend);
        await hub.Supervisor.WaitForAsync(state => state.Find(Key)?.ReadyRun?.Id == run, Cancellation);
        Directory.CreateDirectory(hub.Get<RunStore>().DirectoryOf(run));
        var version = File.Exists(Path.Combine(Static, "static", "js", "new.js")) ? "new" : "old";
        hub.Get<RunReports>().Keep(run, Demo, Report(version));
        await Eventually.TrueAsync(() => hub.Get<StreamlitPages>().Loaded(DemoApp).Any(folder => File.Exists(Path.Combine(folder.Path, "static", "js", $"{version}.js"))));
        return run;
    }

    private StreamlitPages NextHub(out RunReports reports)
    {
        reports = new RunReports();
        foreach (var run in (long[])[2001, 2002])
        {
            Directory.CreateDirectory(hub.Get<RunStore>().DirectoryOf(new RunId(run)));
        }

        return new StreamlitPages(hub.Get<HubSettings>(), hub.Get<RunStore>(), reports, hub.Get<SteadyClock>(), NullLogger<StreamlitPages>.Instance);
    }

    private async Task<string> ReadAsync(string path)
    {
        using var response = await AskAsync(path);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<HttpResponseMessage> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Address, $"/app/demo/{path}"));
        request.Headers.Accept.ParseAdd(path.StartsWith("static/", StringComparison.Ordinal) ? "*/*" : "text/html");
        return await hub.Client.SendAsync(request, Cancellation);
    }
}
