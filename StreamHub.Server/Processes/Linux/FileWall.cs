using System.Runtime.Versioning;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// The file rights of a run: everything, except the hub's data directory apart from the folders for runs, and read-only in the
/// program's folder. landlock(7) grants rights to whole hierarchies and cannot exclude a part, so that a parent of one of these
/// two folders is allowed entry by entry: entries created after the run's start are closed to that run, and parents of the data
/// directory cannot be listed.
/// </summary>
/// <param name="made">The writable folders of runs.</param>
[SupportedOSPlatform("linux")]
internal sealed class FileWall(ClosedFolders closed, RunFolders made)
{
    /// <summary>LANDLOCK_ACCESS_FS_EXECUTE to LANDLOCK_ACCESS_FS_TRUNCATE: all rights of version 3 (Linux 6.2).</summary>
    public const ulong Everything = (1 << 15) - 1;

    /// <summary>The rights that apply to a file: execute, write, read, truncate.</summary>
    public const ulong OfFiles = 0b1 | 0b10 | 0b100 | (1 << 14);

    private const ulong Reading = 0b1 | 0b100 | 0b1000; // execute, read a file, list a folder

    /// <summary>The rules for a new run.</summary>
    public IReadOnlyList<FileRule> Rules()
    {
        var (data, program) = (closed.Data, closed.Program);
        var rules = new List<FileRule>(128);
        Open("/", Everything);
        rules.AddRange(made.All().Select(folder => new FileRule(folder, Everything)));
        return rules;

        void Open(string path, ulong rights)
        {
            var isAboveData = RealPath.IsInside(data, path);
            if (path == program)
            {
                rights = Reading;
            }

            if (!isAboveData)
            {
                rules.Add(new FileRule(path, RealPath.IsInside(program, path) ? Reading : rights));
            }

            if (path != data && (isAboveData || (path != program && RealPath.IsInside(program, path))))
            {
                foreach (var entry in Entries(path))
                {
                    Open(entry, rights);
                }
            }
        }
    }

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that the hub's account cannot list stays closed.
            return [];
        }
    }
}
