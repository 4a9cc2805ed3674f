using System.Globalization;
using System.Runtime.Versioning;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes.Linux;

namespace StreamHub.Tests.Faults;

/// <summary>The living processes of a data directory's runs, as the machine shows them, whatever the hub thinks.</summary>
/// <param name="hub">The id of the data directory.</param>
[SupportedOSPlatform("linux")]
internal sealed class Census(string hub)
{
    private const string Prefix = "streamhub-";

    private readonly ControlGroups? groups = ControlGroups.Open(out _);

    /// <summary>The runs that have living processes, each with their ids.</summary>
    public ILookup<RunId, int> Living()
    {
        groups?.Discover(hub);

        // Nothing is taken over from an earlier look: what left its run unseen shall be missed.
        return new RunTrees(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), groups).Look([])
            .Where(member => member.Mark.Hub == hub).ToLookup(member => member.Mark.Run, member => member.Stat.Pid);
    }

    /// <summary>The names of the runs' control groups.</summary>
    public IReadOnlyList<string> Groups() => groups is null ? [] : [.. Directory.EnumerateDirectories(groups.Parent, $"{Prefix}{hub}-*").Select(path => Path.GetFileName(path))];

    /// <summary>When a process started; null when it is gone.</summary>
    public static long? StartTime(int pid) => ProcStat.Read(pid) is { IsZombie: false } stat ? stat.StartTime : null;

    /// <summary>Whether a process ignores a signal, as one below nohup does SIGHUP; see proc_pid_status(5).</summary>
    public static bool Ignores(int pid, int signal)
    {
        const string field = "SigIgn:";
        var mask = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (signal - 1))) != 0;
    }
}
