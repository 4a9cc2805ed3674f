using System.Globalization;
using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The options of Streamlit that are the hub's, https://docs.streamlit.io/develop/api-reference/configuration/config.toml; an
/// older version does without those that it does not know.
/// </summary>
internal static partial class StreamlitOptions
{
    /// <summary>The seconds for which the launcher keeps a session whose connection broke, where the author does not say otherwise.</summary>
    public const int SessionTime = 900;

    public const string SessionTimeName = "server.disconnectedSessionTTL";

    /// <summary>Defaults: config.toml and variables of the app override them.</summary>
    public static IReadOnlyList<(string Name, string Value)> Suggested { get; } =
    [
        // A forced full collection after each script run blocks the interpreter before the last message is sent.
        ("runner.postScriptGC", "false"),
        ("client.toolbarMode", "viewer"),

        // Links below an error lead to services of other companies, with the error's text.
        ("client.showErrorLinks", "false"),
    ];

    /// <summary>What nothing overrides.</summary>
    public static IReadOnlyList<(string Name, string Value)> Required(App app, AppEndpoint endpoint) =>
    [
        ("server.address", "127.0.0.1"),
        ("server.port", endpoint.Port.ToString(CultureInfo.InvariantCulture)),
        ("server.baseUrlPath", app.BasePath),
        ("server.headless", "true"),
        ("server.enableCORS", "true"),
        ("server.enableXsrfProtection", "true"),

        // The hub speaks HTTP to it.
        ("server.sslCertFile", ""),
        ("server.sslKeyFile", ""),
        ("browser.gatherUsageStats", "false"),

        // Binds a session to its user: another user with its id gets a new session.
        ("server.trustedUserHeaders", """{"X-StreamHub-User":"name"}"""),
    ];

    /// <summary>The names of all of them.</summary>
    public static IReadOnlySet<string> Names { get; } = Required(Example, new AppEndpoint(1)).Concat(Suggested).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);

    private static App Example => new(AppSlug.Parse("app"), "app", new AppRuntime.Demo());

    /// <summary>The environment variable of an option (streamlit/config_option.py, env_var).</summary>
    public static string Variable(string option) => $"STREAMLIT_{Words().Replace(option, "_$0").Replace('.', '_').ToUpperInvariant()}";

    /// <summary>A line for each variable for all apps that sets what nothing overrides.</summary>
    public static IEnumerable<string> FindRequired(HubSettings settings) =>
        from option in Required(Example, new AppEndpoint(1))
        where settings.AppVariables.ContainsKey(Variable(option.Name))
        select $"{HubOptions.Section}:Apps:Environment: '{Variable(option.Name)}' is not a variable for apps: the hub sets the option {option.Name} itself.";

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex Words();
}
