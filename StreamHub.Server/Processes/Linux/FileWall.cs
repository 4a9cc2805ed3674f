using System.Runtime.Versioning;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// What a run may do with files: everything, but nothing in the hub's data directory apart from the folders made for it, and only reading in
/// the program's folder. landlock(7) grants rights to whole hierarchies and takes none away, so that a folder above one of these two is opened
/// entry by entry: what is created in it after a run has started stays closed to that run, and a folder above the data directory cannot be listed.
/// </summary>
/// <param name="made">The folders made for runs.</param>
[SupportedOSPlatform("linux")]
internal sealed class FileWall(ClosedFolders closed, RunFolders made)
{
    /// <summary>LANDLOCK_ACCESS_FS_EXECUTE to LANDLOCK_ACCESS_FS_TRUNCATE: what version 3 (Linux 6.2) can refuse.</summary>
    public const ulong Everything = (1 << 15) - 1;

    /// <summary>Those that a rule for a file may hold: execute, write, read, truncate.</summary>
    public const ulong OfFiles = 0b1 | 0b10 | 0b100 | (1 << 14);

    private const ulong Reading = 0b1 | 0b100 | 0b1000; // execute, read a file, list a folder

    /// <summary>The rules for a run that is started now.</summary>
    /// <param name="port">Where it listens; null for nowhere.</param>
    public IReadOnlyList<FileRule> Rules(int? port)
    {
        var (data, program) = (closed.Data, closed.Program);
        var rules = new List<FileRule>(128);
        Open("/", Everything);
        rules.AddRange(made.All(port).Select(folder => new FileRule(RealPath.Of(folder) ?? folder, Everything)));
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
            // What the hub's account cannot list stays closed.
            return [];
        }
    }
}
