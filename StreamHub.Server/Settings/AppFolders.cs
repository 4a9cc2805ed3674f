namespace StreamHub.Server.Settings;

/// <summary>
/// Where the scripts and programs of apps may lie: <c>StreamHub:Apps:Folders</c>. Who may write into these decides what the hub's account
/// runs; without any, every admin does, of all that the machine has.
/// </summary>
/// <param name="folders">Absolute paths; none allows everything.</param>
/// <param name="python">The interpreter of apps that name none, which is allowed wherever it lies.</param>
internal sealed class AppFolders(IReadOnlyList<string> folders, string python)
{
    /// <summary>As many as Linux follows: path_resolution(7).</summary>
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether a script lies in one of the folders, all links followed.</summary>
    public bool AllowsScript(string file) => folders.Count == 0 || IsInside(file);

    /// <summary>
    /// Whether a program does, which has to be a whole path. It may itself be a link, as a virtual environment's Python is; who made it
    /// could have put a program there.
    /// </summary>
    public bool AllowsProgram(string file) =>
        folders.Count == 0 || (Path.IsPathFullyQualified(file) && Path.GetDirectoryName(file) is { } folder && IsInside(folder));

    /// <summary>Whether a Streamlit script may be run by an interpreter: a program of theirs, or the one of apps that name none.</summary>
    public bool AllowsInterpreter(string file) => file == python || AllowsProgram(file);

    /// <summary>Whether an app may have a variable: not the one that decides which program a bare name means.</summary>
    public bool AllowsVariable(string name) => folders.Count == 0 || !name.Equals("PATH", StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders, for people.</summary>
    public override string ToString() => string.Join(", ", folders);

    private bool IsInside(string path) =>
        Real(path) is { } real && folders.Any(folder => Real(folder) is { } root
            && (real.Equals(root, Comparison) || real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, Comparison)));

    /// <returns>The path without links and junctions, as the system follows them; null when that cannot be told.</returns>
    private static string? Real(string path)
    {
        try
        {
            var (real, rest, links) = (Path.GetPathRoot(path)!, new Stack<string>(Names(path).Reverse()), 0);
            while (rest.TryPop(out var name))
            {
                var next = Path.Combine(real, name);
                if (name == "..")
                {
                    real = Path.GetDirectoryName(real) ?? real;
                }
                else if (new FileInfo(next).LinkTarget is { } target)
                {
                    if (++links > MostLinks)
                    {
                        return null;
                    }

                    real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
                    foreach (var part in Names(target).Reverse())
                    {
                        rest.Push(part);
                    }
                }
                else
                {
                    real = next;
                }
            }

            return real;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Names(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".");
}
