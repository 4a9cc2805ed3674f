using System.Runtime.Versioning;
using System.Text;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Instances.Processes;

/// <summary>Which processes belong to which run.</summary>
[SupportedOSPlatform("linux")]
internal static class ProcTree
{
    /// <summary>
    /// The living processes of a run: its session, its descendants, and, however far they have gone, all that carry its mark.
    /// </summary>
    public static List<ProcStat> Members(RunMark mark, ProcessIdentity process) =>
        Members(ProcStat.All(), $"{RunMark.Variable}={mark}\0", [process], static _ => true);

    /// <summary>Of all processes those that are of the runs with these main processes, or carry a mark.</summary>
    /// <param name="all">Every process.</param>
    /// <param name="mark">What is looked for in their environments.</param>
    /// <param name="mains">The main processes.</param>
    /// <param name="mayCarry">Whose environment is looked at.</param>
    public static List<ProcStat> Members(List<ProcStat> all, string mark, IReadOnlyCollection<ProcessIdentity> mains, Func<ProcStat, bool> mayCarry)
    {
        var owners = Owners(all, mains);
        var marked = Encoding.UTF8.GetBytes(mark);
        return [.. all.Where(stat => !stat.IsZombie && stat.Pid != Environment.ProcessId
            && (owners.ContainsKey(stat.Pid) || (mayCarry(stat) && Environ(stat.Pid).AsSpan().IndexOf(marked) >= 0)))];
    }

    /// <summary>For each process the id of the main process whose session or descent it is of.</summary>
    public static Dictionary<int, int> Owners(List<ProcStat> all, IReadOnlyCollection<ProcessIdentity> mains)
    {
        var owners = new Dictionary<int, int>();
        var byPid = all.ToDictionary(stat => stat.Pid);
        var sessions = new HashSet<int>();
        foreach (var main in mains)
        {
            // A living process with that id but another start is a stranger, and so is its session. A run that never had a
            // process has id 0, and session 0 is the kernel's, and everybody's whose session began outside of a container.
            if (main.Pid > 0 && (!byPid.TryGetValue(main.Pid, out var stat) || stat.StartTime == main.StartTime))
            {
                sessions.Add(main.Pid);
            }
        }

        foreach (var stat in all)
        {
            var current = stat;
            for (var depth = 0; depth < 64; depth++)
            {
                if (sessions.Contains(current.Session) || sessions.Contains(current.Pid))
                {
                    owners[stat.Pid] = sessions.Contains(current.Session) ? current.Session : current.Pid;
                    break;
                }

                if (!byPid.TryGetValue(current.Parent, out current))
                {
                    break;
                }
            }
        }

        return owners;
    }

    /// <summary>The mark that a process carries for this data directory; null when it has none.</summary>
    public static RunMark? MarkOf(int pid, string hub)
    {
        var environ = Environ(pid).AsSpan();
        var prefix = Encoding.UTF8.GetBytes($"{RunMark.Variable}={hub}-");
        var at = environ.IndexOf(prefix);
        if (at < 0)
        {
            return null;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(environ[(at + prefix.Length)..], out long run, out _) ? new RunMark(hub, new RunId(run)) : null;
    }

    private static byte[] Environ(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
