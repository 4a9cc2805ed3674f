using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Http;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>
/// What the hub knows of one kind of app: how its processes are launched and visited, and what requests to it mean. There is one for
/// each case of <see cref="AppRuntime"/>; supervision, health checks and the gateway ask it and know no runtime.
/// </summary>
internal abstract class RuntimeAdapter
{
    /// <summary>The case of <see cref="AppRuntime"/>.</summary>
    public abstract Type Runtime { get; }

    /// <summary>What of the app lies outside of the folders for apps; null when nothing does.</summary>
    public virtual string? FindOutside(App app, AppFolders folders) =>
        app.Env.Keys.FirstOrDefault(name => !folders.AllowsVariable(name)) is { } variable ? $"What the variable {variable} leads to" : null;

    public abstract LaunchPlan Plan(App app, RunId run, AppEndpoint endpoint);

    /// <summary>The path that answers 2xx or 3xx when a run is ready.</summary>
    public abstract string ReadinessPath(App app);

    /// <summary>Opens a session and waits for its first answer, as a browser does. Without scripts there is nothing to wait for.</summary>
    public virtual Task<VisitResult> VisitAsync(App app, AppEndpoint endpoint, string pairing, CancellationToken cancellationToken) =>
        Task.FromResult<VisitResult>(new VisitResult.Finished());

    public virtual RequestPurpose PurposeOf(HttpRequest request, AppPath path, bool isUpgrade) =>
        new(isUpgrade ? RequestKind.Session : IsNavigation(request) ? RequestKind.Page : RequestKind.Resource);

    /// <summary>The hub's own answer, whether the app runs or not; null when the app has to answer.</summary>
    public virtual IResult? Answer(App app, AppPath path, HttpRequest request) => null;

    /// <summary>Addresses that the app's page loads first.</summary>
    public virtual IReadOnlyList<string> FirstFiles(App app) => [];

    /// <summary>Tells a program that the app is unavailable; people are shown a page.</summary>
    public virtual IResult Unavailable(RequestPurpose purpose, string message) =>
        Results.Text(message, "text/plain", Encoding.UTF8, StatusCodes.Status503ServiceUnavailable);

    protected static bool IsNavigation(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.AcceptsHtml();
}
