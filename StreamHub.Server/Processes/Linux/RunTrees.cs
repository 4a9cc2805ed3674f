using System.Collections.Concurrent;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Assigns processes to runs; the only place that does. A process belongs to a run if it is in the run's control group or in the
/// session of its main process, descends from a process of the run, carries the run's mark, or was assigned to the run before.
/// </summary>
/// <param name="groups">The runs' control groups; null when unavailable.</param>
[SupportedOSPlatform("linux")]
internal sealed class RunTrees(string bootId, ControlGroups? groups)
{
    /// <summary>All examined living processes with their runs; null for processes of no run and without a mark.</summary>
    private readonly ConcurrentDictionary<(int Pid, long StartTime), RunMark?> known = new();

    /// <summary>Registers the main process of a run.</summary>
    public void Add(RunMark mark, ProcessIdentity main)
    {
        if (main.BootId == bootId)
        {
            known[(main.Pid, main.StartTime)] = mark;
        }
    }

    /// <summary>The living processes of one run.</summary>
    public List<ProcStat> Members(RunMark mark, ProcessIdentity main) =>
        [.. Look([new MarkedProcess(mark, main)]).Where(member => member.Mark == mark).Select(member => member.Stat)];

    /// <summary>Every living process of every run.</summary>
    /// <param name="mains">Main processes that may be unregistered.</param>
    public List<(ProcStat Stat, RunMark Mark)> Look(IReadOnlyCollection<MarkedProcess> mains) => Look(mains, out _);

    /// <inheritdoc cref="Look(IReadOnlyCollection{MarkedProcess})"/>
    /// <param name="mains">Main processes that may be unregistered.</param>
    /// <param name="all">All processes of the machine.</param>
    public List<(ProcStat Stat, RunMark Mark)> Look(IReadOnlyCollection<MarkedProcess> mains, out List<ProcStat> all)
    {
        all = ProcStat.All();

        // Read after the process list: a group's entry then refers to a listed process, or to a new one that is ignored.
        var grouped = groups?.Processes() ?? [];
        var byPid = all.ToDictionary(stat => stat.Pid);
        var sessions = Sessions(byPid, mains);
        var owners = Owners(byPid, grouped, sessions);
        if (FindMarks(all, owners))
        {
            owners = Owners(byPid, grouped, sessions);
        }

        var members = new List<(ProcStat Stat, RunMark Mark)>();
        foreach (var stat in all)
        {
            if (!stat.IsZombie && owners[stat.Pid] is { } mark)
            {
                known[Key(stat)] = mark;
                members.Add((stat, mark));
            }
        }

        Forget(byPid);
        return members;
    }

    /// <summary>The sessions of runs, by session id.</summary>
    private Dictionary<int, RunMark> Sessions(Dictionary<int, ProcStat> byPid, IReadOnlyCollection<MarkedProcess> mains)
    {
        var sessions = new Dictionary<int, RunMark>();
        foreach (var (mark, main) in mains)
        {
            // A living process with that id but another start time is unrelated, and so is its session. A run without a process
            // has id 0; session 0 belongs to the kernel, and inside of a container to every session from outside.
            if (main.Pid > 0 && main.BootId == bootId && (!byPid.TryGetValue(main.Pid, out var stat) || stat.StartTime == main.StartTime))
            {
                sessions[main.Pid] = mark;
            }
        }

        foreach (var stat in byPid.Values)
        {
            if (stat.Session == stat.Pid && known.GetValueOrDefault(Key(stat)) is { } mark)
            {
                sessions.TryAdd(stat.Pid, mark);
            }
        }

        return sessions;
    }

    /// <summary>The run of each process: its own, or that of its nearest ancestor.</summary>
    private Dictionary<int, RunMark?> Owners(Dictionary<int, ProcStat> byPid, Dictionary<int, RunMark> grouped, Dictionary<int, RunMark> sessions)
    {
        // The hub may itself descend from another hub's run: its own ancestors do not count.
        var owners = new Dictionary<int, RunMark?>(byPid.Count) { [Environment.ProcessId] = null };
        var path = new List<int>();
        foreach (var stat in byPid.Values)
        {
            RunMark? mark = null;
            var current = stat;
            path.Clear();
            while (!owners.TryGetValue(current.Pid, out mark))
            {
                // Temporarily without a run: ends cycles, which reused ids can cause during the scan.
                owners[current.Pid] = null;
                path.Add(current.Pid);
                mark = known.GetValueOrDefault(Key(current));
                if (mark is null && grouped.TryGetValue(current.Pid, out var group))
                {
                    mark = group;
                }

                if (mark is null && sessions.TryGetValue(current.Session, out var session))
                {
                    mark = session;
                }

                if (mark is not null || !byPid.TryGetValue(current.Parent, out current))
                {
                    break;
                }
            }

            foreach (var pid in path)
            {
                owners[pid] = mark;
            }
        }

        return owners;
    }

    /// <summary>Searches for marks in the environment of new processes without a run; returns whether any was found.</summary>
    private bool FindMarks(List<ProcStat> all, Dictionary<int, RunMark?> owners)
    {
        var found = false;
        foreach (var stat in all)
        {
            if (owners[stat.Pid] is null && !stat.IsZombie && stat.Pid != Environment.ProcessId && !known.ContainsKey(Key(stat)))
            {
                var mark = MarkOf(stat.Pid);
                known[Key(stat)] = mark;
                found |= mark is not null;
            }
        }

        return found;
    }

    private void Forget(Dictionary<int, ProcStat> byPid)
    {
        foreach (var process in known.Keys)
        {
            // Another thread may have added a process after this scan began; our list does not contain it.
            if ((!byPid.TryGetValue(process.Pid, out var stat) || stat.StartTime != process.StartTime)
                && ProcStat.Read(process.Pid)?.StartTime != process.StartTime)
            {
                known.TryRemove(process, out _);
            }
        }
    }

    private static (int Pid, long StartTime) Key(ProcStat stat) => (stat.Pid, stat.StartTime);

    private static RunMark? MarkOf(int pid)
    {
        try
        {
            return RunMark.Find(File.ReadAllBytes($"/proc/{pid}/environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
