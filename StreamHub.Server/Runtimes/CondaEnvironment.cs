namespace StreamHub.Server.Runtimes;

/// <summary>
/// What the activation of a Conda environment sets, for a program of one: on Windows its libraries are found by PATH only. The
/// scripts in <c>etc/conda/activate.d</c> are not run. https://docs.conda.io (conda/activate.py, <c>_get_path_dirs</c>)
/// </summary>
internal static class CondaEnvironment
{
    private static readonly string[] WindowsFolders = ["", @"Library\mingw-w64\bin", @"Library\usr\bin", @"Library\bin", "Scripts", "bin"];

    /// <param name="program">A program with its path; a bare name is of no environment.</param>
    /// <param name="path">The PATH that the environment's folders come before.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables(string program, string? path, bool isWindows)
    {
        var folder = Path.IsPathFullyQualified(program) ? Path.GetDirectoryName(program) : null;
        var root = isWindows || Path.GetFileName(folder) != "bin" ? folder : Path.GetDirectoryName(folder);
        if (root is null || !Directory.Exists(Path.Combine(root, "conda-meta")))
        {
            return [];
        }

        var folders = isWindows ? WindowsFolders.Select(name => name.Length == 0 ? root : $@"{root}\{name}") : [Path.Combine(root, "bin")];
        return
        [
            new("CONDA_PREFIX", root),
            new("PATH", string.Join(isWindows ? ';' : ':', [.. folders, .. string.IsNullOrEmpty(path) ? (string[])[] : [path]])),
        ];
    }

    /// <inheritdoc cref="Variables(string, string?, bool)"/>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables(string program) =>
        Variables(program, Environment.GetEnvironmentVariable("PATH"), OperatingSystem.IsWindows());
}
