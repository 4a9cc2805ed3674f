using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;

namespace StreamHub.Server.Runtimes;

/// <summary>Turns an app into a command line, by its runtime.</summary>
internal sealed class LaunchPlanner(HubSettings settings, RunSecrets secrets)
{
    private readonly RunFolders folders = new(settings);

    /// <summary>Plans a run.</summary>
    /// <exception cref="ProcessStartException">The app's script or program lies, by now, where it may not.</exception>
    public LaunchPlan Plan(App app, RunId run, AppEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (Elsewhere(app) is { } elsewhere)
        {
            throw new ProcessStartException($"{elsewhere} does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}.");
        }

        if (ClosedPaths.Of(settings.Folders, app.Runtime, app.Env).FirstOrDefault() is { Path: { } path, Closed: var closed })
        {
            throw new ProcessStartException($"{ClosedPaths.Why(path, closed)}.");
        }

        var plan = app.Runtime switch
        {
            AppRuntime.Streamlit streamlit => StreamlitRuntime.Plan(app, streamlit, endpoint, settings.Python, secrets.CookieSecret(app.Slug)),
            AppRuntime.Command command => CommandRuntime.Plan(app, command, endpoint, folders.EmptyWork(endpoint)),
            AppRuntime.Demo => DemoRuntime.Plan(app, endpoint),
            _ => throw new ArgumentOutOfRangeException(nameof(app), app.Runtime, "Unknown runtime."),
        };
        folders.Replace(plan.Environment);
        plan.Environment[PairingNames.Variable] = secrets.Pairing(run);
        return plan;
    }

    /// <summary>Links and the setting itself change after an app was entered.</summary>
    private string? Elsewhere(App app) => app.Runtime switch
    {
        not AppRuntime.Demo when app.Env.Keys.FirstOrDefault(name => !settings.Folders.AllowsVariable(name)) is { } path => $"What the variable {path} leads to",
        AppRuntime.Streamlit { Script: var script } when !settings.Folders.AllowsScript(script) => script,
        AppRuntime.Streamlit { Python: { } python } when !settings.Folders.AllowsInterpreter(python) => python,
        AppRuntime.Command { Argv: [var program, ..] } when !settings.Folders.AllowsProgram(program) => program,
        _ => null,
    };

    /// <summary>The path that answers 2xx or 3xx when the app is ready.</summary>
    public static string HealthPath(App app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Runtime switch
        {
            AppRuntime.Streamlit => $"/{app.BasePath}/_stcore/health",
            AppRuntime.Command command => CommandRuntime.HealthPath(app, command),
            _ => $"/{app.BasePath}/",
        };
    }
}
