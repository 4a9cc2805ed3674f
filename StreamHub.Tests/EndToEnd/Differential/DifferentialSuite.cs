using System.Text.Json;
using StreamHub.Server.Apps;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.Server;
using StreamHub.Tests.Server.Streamlit;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>
/// Runs one script by <c>streamlit run</c> and through the hub, and compares what it observes: in a session, in the same one after a module of it
/// was saved, and in another one, as after a reload. Then changes its config.toml while it runs.
/// </summary>
/// <param name="Differences">What the docs do not name.</param>
/// <param name="Misstated">Options whose value is not the documented one.</param>
/// <param name="Edited">The options after the change.</param>
/// <param name="Start">The start as the hub explains it then.</param>
/// <param name="Unhooked">What this Streamlit does not offer.</param>
internal sealed record DifferentialSuite(IReadOnlyList<string> Differences, IReadOnlyList<string> Misstated, JsonElement Edited, StartView Start, IReadOnlyList<string> Unhooked)
{
    /// <summary>Sets everything that the hub needs, and everything that it suggests.</summary>
    private const string AllSet = """
        [server]
        address = "0.0.0.0"
        port = 9
        baseUrlPath = "elsewhere"
        headless = false
        enableCORS = false
        enableXsrfProtection = false
        sslCertFile = "/none.pem"
        sslKeyFile = "/none.key"
        trustedUserHeaders = { X-Other = "name" }
        disconnectedSessionTTL = 60
        fileWatcherType = "poll"
        [browser]
        gatherUsageStats = true
        [runner]
        postScriptGC = true
        [client]
        toolbarMode = "developer"
        showErrorLinks = true
        """;

    private const string Person = "127.0.0.7";
    private const int MaxRuns = 50;
    private const string Marker = "client.toolbarMode";

    public static async Task<DifferentialSuite> RunAsync(string python)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        var accepted = AcceptedDifferences.Read();
        var project = await ObserverProject.CreateAsync();
        string[] args = ["one", "two words", "--three"];
        var own = new Dictionary<string, string>(StringComparer.Ordinal) { ["OWN"] = "x", ["HOME"] = project.Home, ["STREAMLIT_SERVER_MAX_MESSAGE_SIZE"] = "99" };
        await using var hub = await HubStreamlit.StartAsync(python, project, "kim", Person, args, own);

        var environment = new Dictionary<string, string>(hub.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in own)
        {
            environment[name] = value;
        }

        JsonElement[] alone;
        await using (var stock = await StockStreamlit.StartAsync(python, project, args, environment, patience.Token))
        {
            alone = await VisitAsync(stock.Page, project, patience.Token);
        }

        await project.SaveModuleAsync(1);
        await hub.RunAsync();
        var through = await VisitAsync(hub.Page, project, patience.Token);
        var edited = await EditAsync(project, hub, patience.Token);
        var programs = Path.GetDirectoryName(StockStreamlit.ProgramOf(python))!;
        return new DifferentialSuite(
            [.. alone.Zip(through).SelectMany(pair => Observation.Differences(pair.First, pair.Second, accepted, programs))],
            [.. Observation.Misstated(through[0].GetProperty("options"), accepted, "observer")],
            edited,
            await hub.ExplainAsync(start => !IsTaken(edited) || start.Facts.Options.Any(option => option.Name == Marker && option.Source == StartSource.File), patience.Token),
            hub.Unhooked);
    }

    private static bool IsTaken(JsonElement options) => options.GetProperty(Marker).GetString() == "developer";

    private static async Task<JsonElement[]> VisitAsync(Uri page, ObserverProject project, CancellationToken cancellationToken)
    {
        using var session = await StreamlitSession.OpenAsync(page, Person, "color=blue");
        await session.RunAsync();
        var first = await project.ReadAsync();
        await project.SaveModuleAsync(20);
        var changed = await UntilAsync(session.RunAsync, project, seen => seen.GetProperty("state").GetProperty("now").GetInt32() == 20, cancellationToken);
        await RunAsync(page);
        return [first, changed, await project.ReadAsync()];
    }

    private static async Task RunAsync(Uri page)
    {
        using var session = await StreamlitSession.OpenAsync(page, Person);
        await session.RunAsync();
    }

    /// <summary>Runs the script until it observes something.</summary>
    private static async Task<JsonElement> UntilAsync(Func<Task> run, ObserverProject project, Predicate<JsonElement> isEnough, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var count = 1; ; count++)
        {
            await run();
            var seen = await project.ReadAsync();
            if (count == MaxRuns || isEnough(seen))
            {
                return seen;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Saves another config.toml, and opens sessions until one sees it. An older Streamlit reads the file again only where it watches
    /// files (1.39, with the file watcher none): then the options are the old ones.
    /// </summary>
    private static async Task<JsonElement> EditAsync(ObserverProject project, HubStreamlit hub, CancellationToken cancellationToken)
    {
        await project.ConfigureAsync(AllSet);
        return (await UntilAsync(() => RunAsync(hub.Page), project, seen => IsTaken(seen.GetProperty("options")), cancellationToken)).GetProperty("options");
    }
}
