using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace StreamHub.Server.Platform;

/// <summary>Files that a reader, or a hub that comes back after a crash, finds as they were or as they are to be.</summary>
internal static partial class AtomicFile
{
    private const int ReadOnly = 0;

    /// <summary>Writes a file as a whole.</summary>
    /// <param name="isLasting">Whether it also outlasts a power failure: it is on the disk when this returns.</param>
    /// <exception cref="IOException">It could not be written; the old one is still there.</exception>
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

    /// <summary>The name is the folder's content, and .NET opens no folders. Where the file system has no word for it, nothing is lost by asking.</summary>
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
