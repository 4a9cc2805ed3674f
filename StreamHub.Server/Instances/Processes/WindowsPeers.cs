using System.Net;
using System.Runtime.Versioning;

namespace StreamHub.Server.Instances.Processes;

/// <summary>Tells the hub's own descendants among those who connect from this machine.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsPeers
{
    /// <inheritdoc cref="IProcessHost.CheckPeer"/>
    public static PeerCheck Check(string hub, IEnumerable<int> members, IPEndPoint peer, IPEndPoint local)
    {
        // A job's processes cannot leave it, so they are all; the mark is for a job whose name was lost.
        return WindowsNet.Owner(peer, local) switch
        {
            null => PeerCheck.Gone,
            var pid => members.Contains(pid.Value) || IsMarked(pid.Value, hub) ? PeerCheck.Own : PeerCheck.Foreign,
        };
    }

    private static bool IsMarked(int pid, string hub)
    {
        using var process = pid == 0 || pid == Environment.ProcessId ? null : WindowsProcess.Open(pid, WindowsNative.ProcessReadMemory);
        return process is not null && WindowsProcess.MarkOf(process, hub) is not null;
    }
}
