using System.Globalization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The launch of a Streamlit script by the app's own Python. Options are passed as environment variables: an older Streamlit
/// ignores unknown variables, but fails on unknown flags.
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

            // A forced full collection after each script run blocks the interpreter before the last message is sent.
            ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = "false",
            ["STREAMLIT_SERVER_COOKIE_SECRET"] = cookieSecret,
            ["STREAMLIT_CLIENT_TOOLBAR_MODE"] = "viewer",

            // Under an exception: links with its text to a search engine and a chat of other companies.
            ["STREAMLIT_CLIENT_SHOW_ERROR_LINKS"] = "false",
        };
        var required = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Like python -P, which Python before 3.11 rejects: a file beside the script must not shadow a module at start.
            ["PYTHONSAFEPATH"] = "1",
            ["STREAMLIT_SERVER_ADDRESS"] = "127.0.0.1",
            ["STREAMLIT_SERVER_PORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["STREAMLIT_SERVER_BASE_URL_PATH"] = app.BasePath,
            ["STREAMLIT_SERVER_HEADLESS"] = "true",
            ["STREAMLIT_SERVER_ENABLE_CORS"] = "true",
            ["STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION"] = "true",
            ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false",

            // Binds a session to its user: another user with its id gets a new session.
            ["STREAMLIT_SERVER_TRUSTED_USER_HEADERS"] = """{"X-StreamHub-User":"name"}""",
        };
        return new LaunchPlan(
            [streamlit.Python ?? defaultPython, Launcher, "run", streamlit.Script, .. app.Args.IsEmpty ? [] : app.Args.Insert(0, "--")],
            Path.GetDirectoryName(streamlit.Script) is { Length: > 0 } directory ? directory : AppContext.BaseDirectory,
            AppEnvironment.Create(app, suggested, required));
    }
}
