using System.Net;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes.Windows;

/// <summary>Detects connections from the hub's own apps among connections from this machine.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsPeers
{
    /// <inheritdoc cref="IProcessHost.CheckPeer"/>
    public static PeerCheck Check(string hub, IEnumerable<(RunId Run, int[] Members)> runs, IPEndPoint peer, IPEndPoint local, out RunId? run)
    {
        run = null;
        if (WindowsNet.Owner(peer, local) is not { } pid)
        {
            return PeerCheck.Gone;
        }

        // Processes cannot leave their job, so its list is complete; the mark covers a job whose name was lost.
        run = runs.Where(of => of.Members.Contains(pid)).Select(of => (RunId?)of.Run).FirstOrDefault() ?? Marked(pid, hub);
        return run is null ? PeerCheck.Foreign : PeerCheck.Own;
    }

    private static RunId? Marked(int pid, string hub)
    {
        using var process = pid == 0 || pid == Environment.ProcessId ? null : WindowsProcess.Open(pid, WindowsNative.ProcessReadMemory);
        return process is null ? null : WindowsProcess.MarkOf(process, hub)?.Run;
    }
}
