using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>
/// Where the scripts and programs of apps may lie: <c>StreamHub:Apps:Folders</c>. Who may write into these decides what the hub's account
/// runs; without any, every admin does, of all that the machine has.
/// </summary>
/// <param name="folders">Absolute paths; none allows everything.</param>
/// <param name="python">The interpreter of apps that name none, which is allowed wherever it lies.</param>
/// <param name="closed">The folders that are closed to runs; null for none.</param>
internal sealed class AppFolders(IReadOnlyList<string> folders, string python, ClosedFolders? closed = null)
{
    /// <summary>The folder of the hub because of which an app cannot work in this one; null when it can.</summary>
    public string? ClosedBy(string folder) => closed?.Conflict(folder);

    /// <summary>The folder of the hub in which no app can run this program; null when it lies elsewhere.</summary>
    public string? Hides(string program) => closed?.Hides(program);

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
        RealPath.Of(path) is { } real && folders.Any(folder => RealPath.Of(folder) is { } root && RealPath.IsInside(real, root));
}
