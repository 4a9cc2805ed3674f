namespace StreamHub.Server.Hosting;

/// <summary>
/// Where the scripts and programs of apps may lie: <c>StreamHub:Apps:Folders</c>. Who may write into these decides what the hub's account
/// runs; without any, every admin does, of all that the machine has.
/// </summary>
/// <param name="folders">Absolute paths; none allows everything.</param>
/// <param name="python">The interpreter of apps that name none, which is allowed wherever it lies.</param>
public sealed class AppFolders(IReadOnlyList<string> folders, string python)
{
    private static readonly StringComparison Comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether a script lies in one of the folders, all links followed.</summary>
    public bool AllowsScript(string file) => folders.Count == 0 || IsInside(file);

    /// <summary>
    /// Whether a program does, which has to be a whole path. It may itself be a link, as a virtual environment's Python is; who made it
    /// could have put a program there.
    /// </summary>
    public bool AllowsProgram(string file) =>
        folders.Count == 0 || file == python || (Path.IsPathFullyQualified(file) && Path.GetDirectoryName(file) is { } folder && IsInside(folder));

    /// <summary>The folders, for people.</summary>
    public override string ToString() => string.Join(", ", folders);

    private bool IsInside(string path) =>
        Real(path) is { } real && folders.Any(folder => Real(folder) is { } root
            && (real.Equals(root, Comparison) || real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, Comparison)));

    /// <returns>The path without links and junctions; null when that cannot be told.</returns>
    private static string? Real(string path)
    {
        try
        {
            var root = Path.GetPathRoot(path)!;
            var real = root;
            foreach (var name in path[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
            {
                real = Path.Combine(real, name);
                if (new FileInfo(real) is { LinkTarget: not null } link)
                {
                    // The last of a chain of links, none itself; one of the folders above it may be.
                    real = Real(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName)!;
                }
            }

            return real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
