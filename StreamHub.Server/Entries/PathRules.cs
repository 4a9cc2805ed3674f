using StreamHub.Server.Settings;

namespace StreamHub.Server.Entries;

/// <summary>Checks the paths of an app: of this machine, and in one of the folders for apps.</summary>
/// <param name="reader">Receives the errors.</param>
/// <param name="folders">The allowed folders for scripts and programs; null for a stored entry.</param>
internal sealed class PathRules(EntryReader reader, AppFolders? folders)
{
    public void CheckScript(string file, string at)
    {
        if (IsOfThisMachine(file, at) && folders?.AllowsScript(file) == false)
        {
            Refuse(at, $"'{file}' does not lie, all links followed, in one of the folders for apps (StreamHub:Apps:Folders): {folders.ToString()}");
        }
    }

    public void CheckWorkingDirectory(string folder, string at)
    {
        if (!Path.IsPathFullyQualified(folder))
        {
            reader.Forbid(at, $"'{folder}' is not the absolute path of a folder");
        }
        else if (IsOfThisMachine(folder, at) && folders?.AllowsFolder(folder) == false)
        {
            Refuse(at, $"'{folder}' does not lie, all links followed, in one of the folders for apps (StreamHub:Apps:Folders): {folders.ToString()}");
        }
    }

    /// <param name="workingDirectory">Where a relative path begins; null when it is not known.</param>
    public void CheckProgram(string file, string at, string? workingDirectory, Func<AppFolders, string, bool> isAllowed)
    {
        if (IsOfThisMachine(file, at) && folders is not null && !isAllowed(folders, WorkingDirectory.Program(file, workingDirectory)))
        {
            Refuse(at, $"'{file}' is not the whole path of a program in one of the folders for apps (StreamHub:Apps:Folders): {folders.ToString()}");
        }
    }

    // A network share receives the service account's credentials; dots and control characters can disguise a path.
    private bool IsOfThisMachine(string file, string at)
    {
        var segments = file.Split('/', '\\');
        if (segments is ["", "", _, ..])
        {
            reader.Forbid(at, $"'{file}' is a network or device path: a file of this machine is expected");
            return false;
        }

        if (file.Any(char.IsControl) || segments.Any(segment => segment is "." or ".."))
        {
            reader.Forbid(at, $"'{file}' holds a '.' or '..' segment or a control character: give a plain absolute path");
            return false;
        }

        return true;
    }

    private void Refuse(string path, FormattableString text) => reader.Refuse(path, text);
}
