using StreamHub.Domain.Apps;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>The folders for runs in the data directory: the only ones there that a run can access.</summary>
internal sealed class RunFolders(HubSettings settings)
{
    private const string TempVariable = "TMPDIR";
    private const string HomeVariable = "HOME";
    private const string PythonUserBase = "PYTHONUSERBASE";

    private readonly string root = Path.Combine(RealPath.Of(settings.DataDirectory) ?? settings.DataDirectory, "apps");

    /// <summary>The home and temporary folders that an app's variables name.</summary>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, string> environment) =>
        ((string[])[HomeVariable, TempVariable]).Where(environment.ContainsKey).Select(name => environment[name]).Where(Path.IsPathFullyQualified);

    private string Home => Path.Combine(root, "home");

    private string Temp => Path.Combine(root, "tmp");

    private string Owns => Path.Combine(root, "own");

    /// <summary>The folder of an app that has none to work in. It stays when its runs end, and when the app is removed.</summary>
    public string Own(AppSlug app) => Path.Combine(Owns, app.ToString());

    /// <summary>
    /// The folders that every run can use. Those behind a link are left out: an unconfined run may have made one to
    /// the hub's own files.
    /// </summary>
    public IReadOnlyList<string> All() =>
        [.. ((string[])[Home, Temp, Owns]).Select(folder => Directory.CreateDirectory(folder).FullName).Where(folder => RealPath.Of(folder) == folder)];

    /// <summary>Whether an isolated run can read a file, given by its path without links.</summary>
    public bool CanRead(string file) =>
        !RealPath.IsInside(file, RealPath.Of(settings.DataDirectory) ?? settings.DataDirectory) || RealPath.IsInside(file, root);

    /// <summary>
    /// Replaces home and temporary directory of the hub's account where a run could not create files in them. Packages that pip installed for the
    /// account stay available to Python.
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

    private bool IsClosed(string folder) => settings.Closed is { } closed
        && (closed.Conflict(folder) is not null || RealPath.IsInside(RealPath.Of(folder) ?? folder, closed.Program));
}
