using StreamHub.Domain.Apps;

namespace StreamHub.Server.Runtimes;

/// <summary>
/// The environment variables of an app: an allow-list of the hub's own, so that secrets of the hub are never inherited by
/// accident.
/// </summary>
internal static class AppEnvironment
{
    private static readonly string[] Inherited = OperatingSystem.IsWindows()
        ? ["SystemRoot", "windir", "SystemDrive", "ComSpec", "PATH", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
            "ProgramData", "ProgramFiles", "ProgramFiles(x86)", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "TZ"]
        : ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DOTNET_ROOT"];

    /// <summary>The allowed variables of the hub's environment.</summary>
    public static Dictionary<string, string> Inherit()
    {
        var environment = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    /// <summary>
    /// The allow-list, then the runtime's defaults, then the app's own variables, then mandatory variables of the hub: later
    /// layers win.
    /// </summary>
    public static Dictionary<string, string> Create(
        App app,
        IEnumerable<KeyValuePair<string, string>>? suggested = null,
        IEnumerable<KeyValuePair<string, string>>? required = null)
    {
        var environment = Inherit();
        foreach (var (name, value) in (suggested ?? []).Concat(app.Env).Concat(required ?? []))
        {
            environment[name] = value;
        }

        return environment;
    }
}
