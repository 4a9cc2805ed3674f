using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>The rights of a run for a file, or for a folder and everything below it.</summary>
/// <param name="Path">Absolute, without symbolic links.</param>
/// <param name="Rights">landlock(7), LANDLOCK_ACCESS_FS_….</param>
/// <param name="Entry">The file's inode and birth time: the rule applies to this file alone, not to a later one with the same path.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct FileRule(string Path, ulong Rights, (ulong Inode, long Born) Entry)
{
    /// <summary>A rule for the file that is currently at the path.</summary>
    public FileRule(string path, ulong rights)
        : this(path, rights, LinuxNative.Identify(path))
    {
    }
}
