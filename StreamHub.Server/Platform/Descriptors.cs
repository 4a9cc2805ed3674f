using System.Runtime.InteropServices;

namespace StreamHub.Server.Platform;

/// <summary>
/// Reserves file descriptors for the hub itself (Linux). A process without free descriptors cannot start a thread, and .NET
/// terminates when it cannot start a thread of its pool; so connections are refused before.
/// </summary>
internal static partial class Descriptors
{
    /// <summary>Descriptors that remain free when a client connection is accepted.</summary>
    public const int ForAccepting = 256;

    /// <summary>Descriptors that remain free when the hub connects to an app for an accepted client.</summary>
    public const int ForConnecting = 128;

    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <summary>
    /// Whether so many descriptors remain free. The kernel assigns the lowest free number, so that a number indicates how many
    /// are in use.
    /// </summary>
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
