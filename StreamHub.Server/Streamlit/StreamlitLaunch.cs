using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// A Streamlit script, run by the app's own Python. Options travel as environment variables: a Streamlit that does not
/// know one ignores it, where an unknown flag would stop it.
/// </summary>
internal static class StreamlitLaunch
{
    private static readonly string Launcher = Path.Combine(AppContext.BaseDirectory, "Streamlit", "launcher.py");

    public static LaunchPlan Plan(App app, AppRuntime.Streamlit streamlit, AppEndpoint endpoint, string defaultPython, string cookieSecret)
    {
        var suggested = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PYTHONUNBUFFERED"] = "1",
            ["PYTHONIOENCODING"] = "utf-8",
            ["MPLBACKEND"] = "Agg",

            // A crash in native code leaves the Python stack in the output: https://docs.python.org/3/library/faulthandler.html
            ["PYTHONFAULTHANDLER"] = "1",
            ["STREAMLIT_SERVER_FILE_WATCHER_TYPE"] = "none",

            // A forced full collection after each run holds the interpreter before the last message leaves.
            ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = "false",

            // Longer than any restart of the hub: a tab that comes back finds its session.
            ["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = "900",
            ["STREAMLIT_SERVER_COOKIE_SECRET"] = cookieSecret,
            ["STREAMLIT_CLIENT_TOOLBAR_MODE"] = "viewer",
        };
        var required = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Like python -P, which Python before 3.11 refuses: a file beside the script shadows no module at start.
            ["PYTHONSAFEPATH"] = "1",
            ["STREAMLIT_SERVER_ADDRESS"] = "127.0.0.1",
            ["STREAMLIT_SERVER_PORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["STREAMLIT_SERVER_BASE_URL_PATH"] = app.BasePath,
            ["STREAMLIT_SERVER_HEADLESS"] = "true",
            ["STREAMLIT_SERVER_ENABLE_CORS"] = "true",
            ["STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION"] = "true",
            ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false",

            // Binds a session to its person: another user who learns its id gets a fresh one instead.
            ["STREAMLIT_SERVER_TRUSTED_USER_HEADERS"] = """{"X-StreamHub-User":"name"}""",
        };
        return new LaunchPlan(
            [streamlit.Python ?? defaultPython, Launcher, "run", streamlit.Script, .. app.Args.IsEmpty ? [] : app.Args.Insert(0, "--")],
            Path.GetDirectoryName(streamlit.Script) is { Length: > 0 } directory ? directory : AppContext.BaseDirectory,
            AppEnvironment.Create(app, suggested, required));
    }
}
