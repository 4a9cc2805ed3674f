using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Platform;

/// <summary>Opens files at paths that another program can change at any time.</summary>
internal static partial class RegularFile
{
    private const int OnlyPath = 0x200000; // O_PATH
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int TypeBits = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    /// <summary>Opens a file for reading; null when it is missing, a pipe or a device, or closed.</summary>
    /// <param name="isOpen">Decides by the path of the file without links.</param>
    /// <exception cref="IOException">Another program holds it.</exception>
    public static FileStream? Open(string path, Predicate<string> isOpen)
    {
        if (!OperatingSystem.IsLinux())
        {
            // A path check: a link that is made between the check and the opening is followed.
            return RealPath.Of(path) is { } resolved && isOpen(resolved) && File.Exists(resolved) ? File.OpenRead(resolved) : null;
        }

        // Judged before it is opened for reading, because a pipe would wait for its writer; opened again by its descriptor, which is
        // the same file whatever the path is by then.
        using var file = OpenAt(path, OnlyPath | CloseOnExec);
        if (file.IsInvalid || GetStatus(file, "", EmptyPath, TypeOnly, out var status) != 0 || (status.Mode & TypeBits) != Regular)
        {
            return null;
        }

        var descriptor = $"/proc/self/fd/{file.DangerousGetHandle()}";
        return new FileInfo(descriptor).LinkTarget is { } real && isOpen(real) ? File.OpenRead(descriptor) : null;
    }

    /// <summary>Reads a part of a file that may grow or shrink meanwhile.</summary>
    public static byte[] Read(FileStream file, long from, int most)
    {
        var content = new byte[Math.Clamp(file.Length - from, 0, most)];
        file.Position = from;
        return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(SafeFileHandle file, string path, int flags, uint mask, out Status status);

    /// <summary>struct statx.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
