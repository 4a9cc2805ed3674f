using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>
/// The hub's own folders, which are closed to runs on Linux: the data directory entirely, and the program folder for writing. A parent of such a
/// folder can only be opened to a run entry by entry, so that nothing can be created in it: no app can work there.
/// </summary>
internal sealed class ClosedFolders(string dataDirectory, string programFolder)
{
    /// <summary>The data directory with all links resolved; closed except for the folders made for runs.</summary>
    public string Data => RealPath.Of(dataDirectory) ?? dataDirectory;

    /// <summary>The program folder with all links resolved; closed for writing.</summary>
    public string Program => RealPath.Of(programFolder) ?? programFolder;

    public static ClosedFolders? Of(string dataDirectory, bool isolation) =>
        OperatingSystem.IsLinux() && isolation ? new(dataDirectory, Path.TrimEndingDirectorySeparator(ContentRoot.Path)) : null;

    /// <summary>
    /// The closed folder that prevents an app from working in a folder; null when there is none. Below the program folder an app can read.
    /// </summary>
    public string? Conflict(string folder)
    {
        if (!Path.IsPathFullyQualified(folder))
        {
            return null;
        }

        var (real, data, program) = (RealPath.Of(folder) ?? folder, Data, Program);
        return RealPath.IsInside(real, data) || RealPath.IsInside(data, real) ? data
            : real != program && RealPath.IsInside(program, real) ? program
            : null;
    }

    /// <summary>The data directory when it contains the program, which a run then cannot start; else null.</summary>
    public string? Hides(string program) =>
        Path.IsPathFullyQualified(program) && Data is var data && RealPath.IsInside(RealPath.Of(program) ?? program, data) ? data : null;
}
