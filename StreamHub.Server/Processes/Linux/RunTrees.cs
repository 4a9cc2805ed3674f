using System.Collections.Concurrent;
using System.Runtime.Versioning;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Which processes belong to which run: the one place that decides. A process is of a run when it is in the run's control
/// group, in the session of its main process, descends from one that is, or carries its mark; and when it was seen as such
/// before, wherever it has gone since.
/// </summary>
/// <param name="groups">The runs' control groups; null where none can be had.</param>
[SupportedOSPlatform("linux")]
internal sealed class RunTrees(string bootId, ControlGroups? groups)
{
    /// <summary>The living processes that were looked at, each with its run; null for those that are of none and carry no mark.</summary>
    private readonly ConcurrentDictionary<(int Pid, long StartTime), RunMark?> known = new();

    /// <summary>Takes the main process of a run as known.</summary>
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
    /// <param name="mains">Main processes that may not be known yet.</param>
    public List<(ProcStat Stat, RunMark Mark)> Look(IReadOnlyCollection<MarkedProcess> mains) => Look(mains, out _);

    /// <inheritdoc cref="Look(IReadOnlyCollection{MarkedProcess})"/>
    /// <param name="mains">Main processes that may not be known yet.</param>
    /// <param name="all">Every process of the machine, as it was looked at.</param>
    public List<(ProcStat Stat, RunMark Mark)> Look(IReadOnlyCollection<MarkedProcess> mains, out List<ProcStat> all)
    {
        all = ProcStat.All();

        // Afterwards: what a group tells of an id is about the process that was seen, or it is gone.
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

    /// <summary>The sessions that runs lead.</summary>
    private Dictionary<int, RunMark> Sessions(Dictionary<int, ProcStat> byPid, IReadOnlyCollection<MarkedProcess> mains)
    {
        var sessions = new Dictionary<int, RunMark>();
        foreach (var (mark, main) in mains)
        {
            // A living process with that id but another start is a stranger, and so is its session. A run that never had a
            // process has id 0, and session 0 is the kernel's, and everybody's whose session began outside of a container.
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

    /// <summary>For each process the run that it, or the nearest of its ancestors, is of.</summary>
    private Dictionary<int, RunMark?> Owners(Dictionary<int, ProcStat> byPid, Dictionary<int, RunMark> grouped, Dictionary<int, RunMark> sessions)
    {
        // The hub may itself be somebody's descendant; what it is told of itself is nothing.
        var owners = new Dictionary<int, RunMark?>(byPid.Count) { [Environment.ProcessId] = null };
        var path = new List<int>();
        foreach (var stat in byPid.Values)
        {
            RunMark? mark = null;
            var current = stat;
            path.Clear();
            while (!owners.TryGetValue(current.Pid, out mark))
            {
                // Known as nobody's for now: it ends a circle, which ids that were reused while we looked can make.
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

    /// <summary>Looks for a mark in the environment of whoever is of no run and was not looked at before; whether there was one.</summary>
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
            // One that another look found since this one began is not in our list.
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
