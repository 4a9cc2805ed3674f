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

        if (Closed(app) is var (folder, closed))
        {
            throw new ProcessStartException(
                $"'{folder}' cannot be used: it lies in the hub's own folder {closed}, or that in it, and there an app can create nothing. Use a folder beside it, move StreamHub:DataDirectory elsewhere, or switch StreamHub:Apps:Isolation off.");
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

    /// <summary>The first folder of an app that is not its to write in, and the hub's because of which.</summary>
    private (string Folder, string Closed)? Closed(App app) =>
        (from folder in (string?[])[app.Runtime is AppRuntime.Streamlit { Script: var script } ? Path.GetDirectoryName(script) : null, .. RunFolders.Of(app.Env)]
         let closed = folder is null ? null : settings.Closed?.Conflict(folder)
         where closed is not null
         select ((string, string)?)(folder, closed)).FirstOrDefault();

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
