using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>What a run may do in a folder and below it, or with a file.</summary>
/// <param name="Path">Absolute, without links.</param>
/// <param name="Rights">landlock(7), LANDLOCK_ACCESS_FS_….</param>
/// <param name="Entry">What is there now: a rule is for that alone, not for what gets its name later.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct FileRule(string Path, ulong Rights, (ulong Inode, long Born) Entry)
{
    /// <summary>A rule for what is there now.</summary>
    public FileRule(string path, ulong rights)
        : this(path, rights, LinuxNative.Identify(path))
    {
    }
}
