using StreamHub.Server.Platform;

namespace StreamHub.Server.Settings;

/// <summary>
/// The hub's own folders, which are closed to runs on Linux: the data directory, and the program's folder for writing. A folder above one of
/// them can only be opened to a run entry by entry, so that nothing new can be created in it: no app can work there.
/// </summary>
/// <param name="dataDirectory">Absolute path.</param>
/// <param name="programFolder">Absolute path.</param>
internal sealed class ClosedFolders(string dataDirectory, string programFolder)
{
    /// <summary>Closed but for the folders made for runs; without links.</summary>
    public string Data => RealPath.Of(dataDirectory) ?? dataDirectory;

    /// <summary>Closed for writing; without links.</summary>
    public string Program => RealPath.Of(programFolder) ?? programFolder;

    public static ClosedFolders? Of(string dataDirectory, bool isolation) =>
        OperatingSystem.IsLinux() && isolation ? new(dataDirectory, Path.TrimEndingDirectorySeparator(ContentRoot.Path)) : null;

    /// <summary>The closed folder because of which an app cannot work in a folder; null when it can. Below the program it can read.</summary>
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

    /// <summary>The data directory where a program lies in it; null where it can be run.</summary>
    public string? Hides(string program) =>
        Path.IsPathFullyQualified(program) && Data is var data && RealPath.IsInside(RealPath.Of(program) ?? program, data) ? data : null;
}
