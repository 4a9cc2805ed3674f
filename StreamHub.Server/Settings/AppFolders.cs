using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>
/// The allowed folders for scripts and programs of apps: <c>StreamHub:Apps:Folders</c>. Write access to them decides which code the hub's account
/// runs; without folders every admin can choose any program on the machine.
/// </summary>
/// <param name="folders">Absolute paths; empty allows everything.</param>
/// <param name="python">The default interpreter of apps, allowed in any folder.</param>
/// <param name="closed">The folders that are closed to runs; null for none.</param>
internal sealed class AppFolders(IReadOnlyList<string> folders, string python, ClosedFolders? closed = null)
{
    /// <summary>The hub folder that prevents an app from working in this folder; null when there is none.</summary>
    public string? ClosedBy(string folder) => closed?.Conflict(folder);

    /// <summary>The hub folder that hides this program from apps; null when there is none.</summary>
    public string? Hides(string program) => closed?.Hides(program);

    /// <summary>Whether a script is inside one of the folders after all links are resolved.</summary>
    public bool AllowsScript(string file) => folders.Count == 0 || IsInside(file);

    /// <summary>Whether an app may be started in a folder: it is one of the folders, or inside, after all links are resolved.</summary>
    public bool AllowsFolder(string folder) => folders.Count == 0 || IsInside(folder);

    /// <summary>
    /// Whether a program is inside one of the folders; the path must be absolute. The program may itself be a link out of the folder, as the Python
    /// of a virtual environment is: write access to the folder allows to put a program there anyway.
    /// </summary>
    public bool AllowsProgram(string file) =>
        folders.Count == 0 || (Path.IsPathFullyQualified(file) && Path.GetDirectoryName(file) is { } folder && IsInside(folder));

    /// <summary>Whether an interpreter may run Streamlit scripts: an allowed program or the default interpreter.</summary>
    public bool AllowsInterpreter(string file) => file == python || AllowsProgram(file);

    /// <summary>Whether an app may set a variable: all except PATH, which decides the program behind a bare name.</summary>
    public bool AllowsVariable(string name) => folders.Count == 0 || !name.Equals("PATH", StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders as text, for messages.</summary>
    public override string ToString() => string.Join(", ", folders);

    private bool IsInside(string path) =>
        RealPath.Of(path) is { } real && folders.Any(folder => RealPath.Of(folder) is { } root && RealPath.IsInside(real, root));
}
