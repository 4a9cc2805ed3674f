using System.Runtime.InteropServices;

namespace StreamHub.Server.Platform;

/// <summary>
/// Keeps descriptors back for the hub itself (Linux). A process that has none left cannot start a thread, and .NET ends a
/// process that cannot start a thread of its pool; so what others can take stops before.
/// </summary>
internal static partial class Descriptors
{
    /// <summary>How many are kept for the hub when a connection is accepted.</summary>
    public const int ForAccepting = 256;

    /// <summary>How many are kept when the hub connects to an app for somebody who was accepted.</summary>
    public const int ForConnecting = 128;

    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <summary>Whether so many are left beside this one. The lowest free number is given out first, so a number tells how many are in use.</summary>
    public static bool LeaveRoom(nint descriptor, int reserve) =>
        !OperatingSystem.IsLinux() || GetLimit(OpenFiles, out var limit) != 0 || (ulong)descriptor + (ulong)reserve < limit.Soft;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
