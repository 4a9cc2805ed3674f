using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The launch of a Streamlit script by the app's own Python. Options are arguments of the launcher: as variables they would
/// override config.toml, and reach the processes that the script starts.
/// </summary>
internal static class StreamlitLaunch
{
    private static readonly string Launcher = Path.Combine(AppContext.BaseDirectory, "Streamlit", "Launcher", "launcher.py");

    /// <summary>The interpreter of an app.</summary>
    public static string Interpreter(App app, HubSettings settings) =>
        WorkingDirectory.Program(((AppRuntime.Streamlit)app.Runtime).Python ?? settings.Python, WorkingDirectory.Of(app, settings.Folders));

    public static LaunchPlan Plan(App app, AppEndpoint endpoint, HubSettings settings, string cookieSecret)
    {
        var python = Interpreter(app, settings);
        return new LaunchPlan(
            [
                python, "-u", Launcher, .. StreamlitOptions.Suggested.Select(option => $"{option.Name}={option.Value}"),
                "run", ((AppRuntime.Streamlit)app.Runtime).Script, .. StreamlitOptions.Required(app, endpoint).Select(option => $"--{option.Name}={option.Value}"),
                .. app.Args.IsEmpty ? app.Args : app.Args.Insert(0, "--"),
            ],
            WorkingDirectory.Of(app, settings.Folders) ?? AppContext.BaseDirectory,
            app.Env)
        {
            Suggested =
            [
                .. CondaEnvironment.Variables(python),

                // A service has no desktop, and a window's toolkit crashes outside of the main thread. On Linux, matplotlib sees that by itself.
                .. OperatingSystem.IsWindows() ? [new("MPLBACKEND", "Agg")] : (KeyValuePair<string, string>[])[],
            ],

            // The launcher removes it before the script runs.
            Required = [new("STREAMHUB_COOKIE_SECRET", cookieSecret)],
        };
    }
}
