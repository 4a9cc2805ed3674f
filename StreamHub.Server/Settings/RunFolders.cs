using System.Globalization;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>The folders that the hub makes for runs, in its data directory. They are all that a run reaches there.</summary>
internal sealed class RunFolders(HubSettings settings)
{
    private const string TempVariable = "TMPDIR";
    private const string HomeVariable = "HOME";
    private const string PythonUserBase = "PYTHONUSERBASE";

    private readonly string root = Path.Combine(settings.DataDirectory, "apps");

    /// <summary>The folders that variables of an app name for its home and its temporary files.</summary>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, string> environment) =>
        ((string[])[HomeVariable, TempVariable]).Where(environment.ContainsKey).Select(name => environment[name]).Where(Path.IsPathFullyQualified);

    private string Home => Path.Combine(root, "home");

    private string Temp => Path.Combine(root, "tmp");

    /// <summary>Those of a run that listens on a port; null for one that does not listen.</summary>
    public IReadOnlyList<string> All(int? port) =>
        [.. ((string?[])[Home, Temp, port is { } own ? Work(own) : null]).OfType<string>().Select(folder => Directory.CreateDirectory(folder).FullName)];

    /// <summary>Where a command works that names no folder: empty at its start, and the same for each run on that port, so that few are ever made.</summary>
    public string EmptyWork(AppEndpoint endpoint)
    {
        var folder = Directory.CreateDirectory(Work(endpoint.Port));
        Empty(folder);
        return folder.FullName;
    }

    /// <summary>
    /// Gives a run other folders instead of a home and a temporary directory of the hub's account in which it could create nothing.
    /// What pip has installed for the account stays known to Python.
    /// </summary>
    public void Replace(IDictionary<string, string> environment)
    {
        if (environment.TryGetValue(HomeVariable, out var home) && IsClosed(home))
        {
            environment[HomeVariable] = Directory.CreateDirectory(Home).FullName;
            var packages = Path.Combine(home, ".local");
            if (Directory.Exists(packages) && !IsClosed(packages))
            {
                environment.TryAdd(PythonUserBase, packages);
            }
        }

        if (IsClosed(environment.TryGetValue(TempVariable, out var temp) ? temp : Path.GetTempPath()))
        {
            environment[TempVariable] = Directory.CreateDirectory(Temp).FullName;
        }
    }

    private string Work(int port) => Path.Combine(root, "work", port.ToString(CultureInfo.InvariantCulture));

    private bool IsClosed(string folder) => settings.Closed is { } closed
        && (closed.Conflict(folder) is not null || RealPath.IsInside(RealPath.Of(folder) ?? folder, closed.Program));

    private static void Empty(DirectoryInfo folder)
    {
        // Its last run may have taken the rights away.
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        foreach (var left in folder.EnumerateFileSystemInfos())
        {
            if (left is DirectoryInfo { LinkTarget: null } tree)
            {
                Empty(tree);
            }

            left.Delete();
        }
    }
}
