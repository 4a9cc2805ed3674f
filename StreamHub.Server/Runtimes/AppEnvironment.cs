using System.Collections;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runtimes;

/// <summary>
/// The environment variables of an app. Of the hub's own only an allow-list is inherited, so that its secrets never are by
/// accident.
/// </summary>
internal sealed class AppEnvironment
{
    private static readonly string[] Linux = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DOTNET_ROOT"];

    // A name with * at its end is the beginning of names. https://learn.microsoft.com/windows/deployment/usmt/usmt-recognized-environment-variables
    private static readonly string[] Windows =
    [
        "SystemRoot", "windir", "SystemDrive", "ComSpec", "OS", "PATH", "PATHEXT", "TEMP", "TMP", "TZ", "USERNAME", "USERDOMAIN", "COMPUTERNAME",
        "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "ALLUSERSPROFILE", "PUBLIC", "ProgramData",
        "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles", "CommonProgramFiles(x86)", "CommonProgramW6432",
        "DriverData", "NUMBER_OF_PROCESSORS", "PROCESSOR_*", "CUDA_PATH", "CUDA_PATH_V*", "JAVA_HOME",
    ];

    private readonly Dictionary<string, StartSource> sources = new(Names);

    private static StringComparer Names => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public Dictionary<string, string> Values { get; } = new(Names);

    /// <summary>The variables of every app: those of the machine and of <c>StreamHub:Apps:Environment</c>.</summary>
    public static AppEnvironment Inherit(HubSettings settings) => Create([], settings, [], []);

    /// <summary>The machine's variables, then each further layer: later ones win.</summary>
    public static AppEnvironment Create(
        IEnumerable<KeyValuePair<string, string>> suggested,
        HubSettings settings,
        IEnumerable<KeyValuePair<string, string>> entry,
        IEnumerable<KeyValuePair<string, string>> required)
    {
        var environment = new AppEnvironment();
        environment.Add(Allowed(Environment.GetEnvironmentVariables(), OperatingSystem.IsWindows()), StartSource.Machine);
        environment.Add(suggested, StartSource.Suggested);
        environment.Add(settings.AppVariables, StartSource.HubWide);
        environment.Add(entry, StartSource.Entry);
        environment.Add(required, StartSource.Required);
        return environment;
    }

    /// <summary>The allowed ones of the hub's variables.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Allowed(IDictionary variables, bool isWindows)
    {
        var comparison = isWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var allowed = isWindows ? Windows : Linux;
        return from DictionaryEntry variable in variables
               let name = (string)variable.Key
               where allowed.Any(known => known[^1] == '*' ? name.StartsWith(known[..^1], comparison) : name.Equals(known, comparison))
               select KeyValuePair.Create(name, (string?)variable.Value ?? "");
    }

    /// <summary>Where a variable comes from.</summary>
    public StartSource SourceOf(string name) => sources.GetValueOrDefault(name, StartSource.Required);

    private void Add(IEnumerable<KeyValuePair<string, string>> variables, StartSource source)
    {
        foreach (var (name, value) in variables)
        {
            (Values[name], sources[name]) = (value, source);
        }
    }
}
