using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Platform;

/// <summary>
/// Empties folders whose content others may change at the same time. On Linux each folder is opened without following a link and then named by its
/// descriptor, so that no link leads elsewhere; folders inside are raised to the top one by one, so that no path and no recursion grows with depth.
/// </summary>
internal static partial class EmptiedFolder
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int PathOnly = 0x200000 | 0x80000; // O_PATH | O_CLOEXEC

    /// <summary>The deepest nest that is emptied, in folders.</summary>
    private const int MaxRounds = 10_000;

    // These values differ between architectures: O_DIRECTORY | O_NOFOLLOW.
    private static readonly int OnlyFolders = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x4000 | 0x8000 : 0x10000 | 0x20000;

    /// <returns>Whether the folder is empty; false also for a link and for a file.</returns>
    public static bool TryEmpty(string folder)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                using var top = OpenFolder(folder);
                return top is not null && Empty(PathOf(top));
            }

            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                Delete(entry);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo { LinkTarget: null } folder)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }

    [SupportedOSPlatform("linux")]
    private static bool Empty(string top)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        File.SetUnixFileMode(top, Own);
        for (var round = 0; round < MaxRounds; round++)
        {
            var entries = Names(top);
            if (entries.Length == 0)
            {
                return true;
            }

            foreach (var entry in entries)
            {
                // .NET cannot name everything that a folder can contain.
                if (!seen.Add(entry))
                {
                    return false;
                }

                Remove(top, entry);
            }
        }

        return false;
    }

    [SupportedOSPlatform("linux")]
    private static void Remove(string top, string entry)
    {
        var path = Path.Combine(top, entry);
        using var folder = OpenFolder(path);
        if (folder is null)
        {
            File.Delete(path);
            return;
        }

        File.SetUnixFileMode(PathOf(folder), Own);
        foreach (var inner in Names(PathOf(folder)))
        {
            Raise(Path.Combine(PathOf(folder), inner), Path.Combine(top, $".raised-{Guid.NewGuid():N}"));
        }

        Directory.Delete(path);
    }

    /// <summary>Moves a folder to the top and deletes anything else.</summary>
    [SupportedOSPlatform("linux")]
    private static void Raise(string entry, string raised)
    {
        using var folder = OpenFolder(entry);
        if (folder is null)
        {
            File.Delete(entry);
            return;
        }

        // Moving a folder changes its entry "..", which needs the right to write.
        File.SetUnixFileMode(PathOf(folder), Own);
        Directory.Move(entry, raised);
    }

    private static string[] Names(string folder) => [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(entry => entry.Name)];

    private static string PathOf(SafeFileHandle folder) => $"/proc/self/fd/{folder.DangerousGetHandle()}";

    private static SafeFileHandle? OpenFolder(string path)
    {
        var folder = Open(path, PathOnly | OnlyFolders);
        if (!folder.IsInvalid)
        {
            return folder;
        }

        folder.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
