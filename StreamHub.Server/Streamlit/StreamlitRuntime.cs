using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Streamlit scripts. A reconnecting browser sends its session id as the third subprotocol, an upload carries it in its path
/// (streamlit/web/server/starlette: starlette_websocket.py, starlette_routes.py); the launcher appends the run number to each
/// session id.
/// </summary>
internal sealed partial class StreamlitRuntime(HubSettings settings, RunSecrets secrets, StreamlitAssets assets, StreamlitPage page, StreamlitVisit visit) : RuntimeAdapter
{
    private const string Uploads = "_stcore/upload_file/";
    private const int SessionIdLength = 36;
    private const int RunNumberLength = 12;

    // The last two are names of Tornado's server (streamlit/web/server/server.py, before 1.57).
    private static readonly string[] OperatorPaths = ["_stcore/metrics", "_stcore/script-health-check", "_stcore/agent", "st-metrics", "script-health-check"];

    public override Type Runtime => typeof(AppRuntime.Streamlit);

    public override string? FindOutside(App app, AppFolders folders) => base.FindOutside(app, folders) ?? Streamlit(app) switch
    {
        { Script: var script } when !folders.AllowsScript(script) => script,
        { Python: not null } when StreamlitLaunch.Interpreter(app, settings) is var python && !folders.AllowsInterpreter(python) => python,
        _ => null,
    };

    public override LaunchPlan Plan(App app, AppEndpoint endpoint) =>
        StreamlitLaunch.Plan(app, endpoint, settings, secrets.CookieSecret(app.Slug));

    public override StartFacts Explain(App app, AppEnvironment environment, AppEndpoint endpoint, RunReport? report) =>
        StreamlitStart.Explain(StreamlitOptions.Required(app, endpoint), environment, report);

    public override string ReadinessPath(App app) => $"/{app.BasePath}/_stcore/health";

    public override StartFault? ReadFault(IReadOnlyList<string> output, AppEndpoint endpoint) =>
        output.Select(line => NoStreamlit().Match(line)).LastOrDefault(match => match.Success) is { } missing
            ? new StartFault(StartFault.Cause.NoFramework, missing.Groups[1].Value)
            : base.ReadFault(output, endpoint);

    public override RunReport? ReadReport(HttpResponseMessage answer) => StreamlitReport.Read(answer);

    public override Task<VisitResult> VisitAsync(App app, AppEndpoint endpoint, string pairing, bool runsScript, TimeSpan patience, CancellationToken cancellationToken) =>
        visit.RunAsync(endpoint, app.BasePath, pairing, runsScript, patience, cancellationToken);

    public override RequestPurpose PurposeOf(HttpRequest request, AppPath path, bool isUpgrade)
    {
        // A backslash may name a network share, which Streamlit before 1.54 opens (CVE-2026-33682); later ones refuse it.
        if (OperatorPaths.Any(path.MayMean) || (OperatingSystem.IsWindows() && path.Rest.Contains('\\', StringComparison.Ordinal)))
        {
            return new(RequestKind.Closed);
        }

        if (isUpgrade)
        {
            // Every WebSocket there is one: Tornado also accepts the stream's path with a slash at its end.
            return path.MayMean("_stcore")
                ? new(RequestKind.Session) { Run = RunOf(request.Headers[HeaderNames.SecWebSocketProtocol].ToString().Split(',', StringSplitOptions.TrimEntries) is [_, _, var id, ..] ? id : "") }
                : new(RequestKind.Call);
        }

        if (path.IsUnder("_stcore"))
        {
            return InternalPurposeOf(request, path);
        }

        // Media files and downloads of a script exist only in the process that created them.
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return path.IsUnder("media") ? new(RequestKind.Part) { MayBelongToDrainingRun = isRead }
            : path.IsUnder("static") || path.IsUnder("component") ? new(RequestKind.Part)
            : IsNavigation(request) ? new(RequestKind.Page) { Rewrite = page.Rewrite }
            : new(RequestKind.Call);
    }

    public override SessionReader ReadSession(Action onAct) => new StreamlitMessages(onAct);

    public override IResult? Answer(App app, AppPath path, HttpRequest request) => assets.Serve(app, path, request);

    public override IReadOnlyList<string> FirstFiles(App app) => assets.FirstFiles(app);

    // Streamlit's page shows the body of a failed poll only if it is a JSON string.
    public override IResult Unavailable(RequestPurpose purpose, string message) =>
        purpose.Kind is RequestKind.Poll ? Results.Json(message, statusCode: StatusCodes.Status503ServiceUnavailable) : base.Unavailable(purpose, message);

    private static AppRuntime.Streamlit Streamlit(App app) => (AppRuntime.Streamlit)app.Runtime;

    private static RequestPurpose InternalPurposeOf(HttpRequest request, AppPath path) => path.Rest switch
    {
        "_stcore/health" => new(RequestKind.Poll),
        "_stcore/host-config" => new(RequestKind.Poll) { Rewrite = HttpMethods.IsGet(request.Method) ? StreamlitHostConfig.Rewrite : null },
        _ when path.Rest.StartsWith(Uploads, StringComparison.Ordinal) => new(RequestKind.Part) { Run = RunOf(path.Rest[Uploads.Length..].Split('/')[0]) },
        _ => new(RequestKind.Part),
    };

    // launcher.py, main.
    [GeneratedRegex("^ModuleNotFoundError: No module named 'streamlit.*The Python of this app is (.+); install Streamlit into it")]
    private static partial Regex NoStreamlit();

    private static RunId? RunOf(string sessionId) =>
        sessionId.Length == SessionIdLength
        && long.TryParse(sessionId.AsSpan(SessionIdLength - RunNumberLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var run)
            ? new RunId(run)
            : null;
}
