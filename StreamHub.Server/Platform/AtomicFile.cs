using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StreamHub.Server.Platform;

/// <summary>Writes files atomically: readers, also after a crash, see the old or the new content.</summary>
internal static partial class AtomicFile
{
    private const int ReadOnly = 0;

    /// <summary>Writes a complete file.</summary>
    /// <param name="isLasting">Whether the file survives a power failure: it is flushed to the disk before this returns.</param>
    /// <exception cref="IOException">The file could not be written; the old one is unchanged.</exception>
    public static void Write(string file, byte[] content, bool isLasting = true)
    {
        var draft = file + ".new";
        using (var stream = File.Create(draft))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: isLasting);
        }

        File.Move(draft, file, overwrite: true);
        if (isLasting && OperatingSystem.IsLinux())
        {
            Flush(Path.GetDirectoryName(file)!);
        }
    }

    /// <summary>Flushes the directory entry, which .NET cannot do. Without support by the file system this has no effect.</summary>
    [SupportedOSPlatform("linux")]
    private static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnly);
        if (descriptor >= 0)
        {
            Synchronize(descriptor);
            Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial void Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial void Close(int descriptor);
}
