using System.Net;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes.Linux;

/// <summary>Detects connections from the hub's own apps among connections from this machine.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxPeers(RunTrees trees)
{
    private const int MaxReads = 8;
    private const string Closed = "0";

    /// <inheritdoc cref="IProcessHost.CheckPeer"/>
    public PeerCheck Check(string hub, IReadOnlyCollection<MarkedProcess> runs, IPEndPoint peer, IPEndPoint local, out RunId? run)
    {
        run = null;
        // Looks up the socket by both ends. Where the kernel rewrites one end (a redirected port) or gives no answer, by its
        // own end alone.
        List<TcpSocket> sockets = SocketDiag.Find(peer, local) is { } socket ? [socket] : ProcNet.Connections(peer);
        sockets.RemoveAll(socket => socket.Inode == Closed);
        if (sockets.Count == 0)
        {
            return PeerCheck.Gone;
        }

        // Runs have the hub's user id, and cannot change it without privileges.
        var own = LinuxNative.EffectiveUserId();
        var inodes = sockets.Where(socket => own == 0 || socket.Uid == own).Select(socket => socket.Inode).ToHashSet(StringComparer.Ordinal);
        return inodes.Count > 0 && IsHeldByRun(hub, runs, inodes, out run) ? PeerCheck.Own : PeerCheck.Foreign;
    }

    private bool IsHeldByRun(string hub, IReadOnlyCollection<MarkedProcess> runs, HashSet<string> inodes, out RunId? run)
    {
        run = null;
        var looked = new HashSet<(int Pid, long StartTime)>();
        var hidden = false;

        // A process may pass its socket to a child and exit meanwhile: repeat until no new process appears.
        for (var look = 0; look < MaxReads; look++)
        {
            var members = trees.Look(runs, out var all).Where(member => member.Mark.Hub == hub).ToList();
            members.RemoveAll(member => !looked.Add((member.Stat.Pid, member.Stat.StartTime)));
            foreach (var (member, mark) in members)
            {
                if (ProcNet.SocketsOf(member.Pid, out var readable).Any(inodes.Contains))
                {
                    run = mark.Run;
                    return true;
                }

                hidden |= !readable;
            }

            if (members.Count == 0)
            {
                // A run's process that hides its descriptors (PR_SET_DUMPABLE) counts as the owner, unless another process
                // visibly owns the socket.
                return hidden && !all.Any(stat => ProcNet.SocketsOf(stat.Pid, out _).Any(inodes.Contains));
            }
        }

        return true;
    }
}
