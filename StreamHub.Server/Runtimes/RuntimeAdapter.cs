using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>
/// The hub's knowledge of one kind of app: how its processes are launched and visited, and the purpose of its requests. There is
/// one adapter for each case of <see cref="AppRuntime"/>; supervision, health checks and the gateway depend on no specific
/// runtime.
/// </summary>
internal abstract partial class RuntimeAdapter
{
    /// <summary>The case of <see cref="AppRuntime"/>.</summary>
    public abstract Type Runtime { get; }

    /// <summary>A path of the app outside of the app folders; null for none.</summary>
    public virtual string? FindOutside(App app, AppFolders folders) =>
        app.Env.Keys.FirstOrDefault(name => !folders.AllowsVariable(name)) is { } variable ? $"What the variable {variable} leads to" : null;

    /// <summary>How a run on a port is started; changes nothing.</summary>
    public abstract LaunchPlan Plan(App app, AppEndpoint endpoint);

    /// <summary>What is known of a start.</summary>
    /// <param name="endpoint">The port of the run.</param>
    /// <param name="report">What the run told; null when there is none, so that the start is only a plan.</param>
    public virtual StartFacts Explain(App app, AppEnvironment environment, AppEndpoint endpoint, RunReport? report) => StartFacts.None;

    /// <summary>The path that answers 2xx or 3xx when a run is ready.</summary>
    public abstract string ReadinessPath(App app);

    /// <summary>Why a run was never ready, by its last output; null when that does not say.</summary>
    public virtual StartFault? ReadFault(IReadOnlyList<string> output, AppEndpoint endpoint) =>
        output.Any(line => PortTaken().Match(line) is { Success: true } && line.Contains(endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            ? new StartFault(StartFault.Cause.PortTaken, endpoint.Port.ToString(CultureInfo.InvariantCulture))
            : null;

    /// <summary>What a run tells about itself with a health answer; null when it tells nothing.</summary>
    public virtual RunReport? ReadReport(HttpResponseMessage answer) => null;

    /// <summary>Opens a session and waits for its first script run, like a browser. Apps without scripts succeed at once.</summary>
    /// <param name="runsScript">Whether the author's script runs in it, which may have effects; else an empty one.</param>
    /// <param name="patience">How long the visit may last.</param>
    public virtual Task<VisitResult> VisitAsync(App app, AppEndpoint endpoint, string pairing, bool runsScript, TimeSpan patience, CancellationToken cancellationToken) =>
        Task.FromResult<VisitResult>(new VisitResult.Finished());

    public virtual RequestPurpose PurposeOf(HttpRequest request, AppPath path, bool isUpgrade) =>
        new(isUpgrade ? RequestKind.Session : IsNavigation(request) ? RequestKind.Page : RequestKind.Call);

    /// <summary>A reader for the messages of one WebSocket.</summary>
    public virtual SessionReader ReadSession(Action onAct) => new(onAct);

    /// <summary>The hub's own response, whether or not the app runs; null to forward the request.</summary>
    public virtual IResult? Answer(App app, AppPath path, HttpRequest request) => null;

    /// <summary>Paths of the first files that the app's page loads.</summary>
    public virtual IReadOnlyList<string> FirstFiles(App app) => [];

    /// <summary>The response of an unavailable app to a program; a user sees a page instead.</summary>
    public virtual IResult Unavailable(RequestPurpose purpose, string message) =>
        Results.Text(message, "text/plain", Encoding.UTF8, StatusCodes.Status503ServiceUnavailable);

    [GeneratedRegex("address already in use|only one usage of each socket address|port .* is (?:not available|already in use)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PortTaken();

    protected static bool IsNavigation(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.AcceptsHtml();
}
