using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// The memory that the end of a run would free: anonymous, shared and kernel memory, each page once, never the page cache. A run's control
/// group tells it where it accounts for memory. Else it is the sum of the processes' shares, for processes share pages, as after a fork.
/// </summary>
/// <param name="groups">The runs' control groups; null when unavailable.</param>
[SupportedOSPlatform("linux")]
internal sealed class RunMemory(ControlGroups? groups, TimeProvider timeProvider)
{
    /// <summary>The pause after reading shares, as a multiple of its duration: the kernel walks 1 GiB of pages in about 11 ms.</summary>
    private const int Pause = 50;

    /// <summary>A run is read during the pause, too, when what it maps has changed by more than this part.</summary>
    private const int Noticeable = 16;

    private readonly Lock gate = new();
    private Dictionary<RunMark, Reading> readings = [];
    private long resume;

    /// <summary>The memory of each run in bytes.</summary>
    public Dictionary<RunMark, long> Read(ILookup<RunMark, ProcStat> runs)
    {
        lock (gate)
        {
            var isPaused = timeProvider.GetTimestamp() < resume;
            readings = runs.ToDictionary(run => run.Key, run => Read(run.Key, [.. run.Select(process => process.Pid)], isPaused));
            return readings.ToDictionary(run => run.Key, run => run.Value.Memory);
        }
    }

    private Reading Read(RunMark mark, int[] pids, bool isPaused)
    {
        var mapped = pids.Select(ProcMemory.Mapped).ToArray();
        var (most, all) = (mapped.Max(), mapped.Sum());

        // A group knows nothing of what was taken before it accounted for memory, as by a run that an earlier hub started.
        if (groups?.Memory(mark) is { } known)
        {
            return new(pids.Length, all, Math.Max(known, most));
        }

        if (pids.Length == 1)
        {
            return new(1, all, all);
        }

        if (isPaused && readings.TryGetValue(mark, out var last) && last.Processes == pids.Length && Math.Abs(all - last.Mapped) <= last.Mapped / Noticeable)
        {
            return last;
        }

        var begin = timeProvider.GetTimestamp();
        var shares = pids.Sum(ProcMemory.Shares);
        var end = timeProvider.GetTimestamp();
        resume = isPaused ? resume : Math.Max(resume, end) + (Pause * (end - begin));
        return new(pids.Length, all, shares);
    }

    /// <param name="Mapped">Bytes that its processes map, with each page as often as it is mapped.</param>
    private readonly record struct Reading(int Processes, long Mapped, long Memory);
}
