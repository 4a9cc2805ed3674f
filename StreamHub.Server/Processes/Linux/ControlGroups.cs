using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// A control group for each run, cgroups(7) version 2. A process starts in its parent's group and cannot leave it by fork, by a
/// new session or by a clean environment; the kernel kills a group as a whole.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ControlGroups
{
    /// <summary>Maximum processes and threads of one run, where the <c>pids</c> controller is available.</summary>
    public const int MaxTasks = 2048;

    private const string Prefix = "streamhub-";
    private const string ProcessesFile = "cgroup.procs";

    /// <summary>The subgroup for the hub's own process within the group that the service manager delegates (DelegateSubgroup=).</summary>
    private const string OwnName = "hub";

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private readonly ConcurrentDictionary<RunMark, string> directories = new();
    private readonly string mount;

    private ControlGroups(string mount, string parent)
    {
        this.mount = mount;
        Parent = parent;

        // A controller needs a parent without processes of its own: elsewhere the kernel refuses it. Only the machine's limits apply
        // then, and memory is read from the processes.
        foreach (var controller in Read(Path.Combine(parent, "cgroup.controllers")).Split([' ', '\n']).Intersect(["pids", "memory"]))
        {
            TryWrite(Path.Combine(parent, "cgroup.subtree_control"), $"+{controller}");
        }
    }

    /// <summary>The parent directory of the groups.</summary>
    public string Parent { get; }

    /// <summary>Opens the groups, below the hub's own group or beside it; null and the reason when the hub may not create any.</summary>
    public static ControlGroups? Open(out string whyNot)
    {
        if (Mount() is not var (mount, root) || OwnPath() is not { } own)
        {
            whyNot = "control groups version 2 are not mounted";
            return null;
        }

        var group = mount + (root.Length > 1 && own.StartsWith(root, StringComparison.Ordinal) ? own[root.Length..] : own).TrimEnd('/');
        if (!Read(Path.Combine(group, ProcessesFile)).Split('\n').Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
        {
            whyNot = $"the hub's own group {own} is not visible at {mount}";
            return null;
        }

        string[] parents = Path.GetFileName(group) == OwnName ? [Path.GetDirectoryName(group)!, group] : [group];
        whyNot = $"the hub's account cannot create groups in {parents[^1]}";
        return parents.FirstOrDefault(IsOurs) is { } parent ? new ControlGroups(mount, parent) : null;
    }

    /// <summary>
    /// Creates the group of a run. Returns the file to which a process writes 0 to enter the group; null when the group could
    /// not be created.
    /// </summary>
    public string? Create(RunMark mark)
    {
        var directory = Path.Combine(Parent, Prefix + mark);
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        directories[mark] = directory;
        if (File.Exists(Path.Combine(directory, "pids.max")))
        {
            TryWrite(Path.Combine(directory, "pids.max"), MaxTasks.ToString(CultureInfo.InvariantCulture));
        }

        return Path.Combine(directory, ProcessesFile);
    }

    /// <summary>Finds the groups of this data directory's runs that an earlier hub created, also below another parent.</summary>
    public void Discover(string hub)
    {
        foreach (var directory in Directory.EnumerateDirectories(mount, $"{Prefix}{hub}-*", Everywhere).ToArray())
        {
            if (RunMark.Parse(Encoding.UTF8.GetBytes(Path.GetFileName(directory)[Prefix.Length..])) is { } mark)
            {
                directories.TryAdd(mark, directory);
            }
        }
    }

    /// <summary>Removes empty groups. Must not run during the start of a run.</summary>
    public void RemoveEmpty()
    {
        foreach (var mark in directories.Keys.Where(mark => !IsPopulated(mark)))
        {
            Remove(mark);
        }
    }

    /// <summary>The run of each process in a group, including groups that the run created within its own.</summary>
    public Dictionary<int, RunMark> Processes()
    {
        var processes = new Dictionary<int, RunMark>();
        foreach (var (mark, directory) in directories)
        {
            foreach (var line in WithDescendants(directory).SelectMany(group => Read(Path.Combine(group, ProcessesFile)).Split('\n')))
            {
                // 0 represents a process outside of this pid namespace.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                {
                    processes[pid] = mark;
                }
            }
        }

        return processes;
    }

    /// <summary>Whether the group contains a living process.</summary>
    public bool IsPopulated(RunMark mark) =>
        directories.TryGetValue(mark, out var directory) && Read(Path.Combine(directory, "cgroup.events")).Contains("populated 1", StringComparison.Ordinal);

    /// <summary>The CPU time of all past and present processes of the group; null without a group.</summary>
    public TimeSpan? CpuTime(RunMark mark)
    {
        const string name = "usage_usec ";
        return directories.TryGetValue(mark, out var directory)
            && Read(Path.Combine(directory, "cpu.stat")).Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    /// <summary>The memory of the group that its end would free, in bytes; null where the group does not account for memory.</summary>
    public long? Memory(RunMark mark) =>
        directories.TryGetValue(mark, out var directory) && Read(Path.Combine(directory, "memory.stat")) is { Length: > 0 } statistics ? Memory(statistics) : null;

    /// <summary>
    /// The anonymous, shared and kernel memory in a <c>memory.stat</c>. Not the file cache, nor the cache of directories and inodes
    /// (slab_reclaimable), which stay when the processes end. The kernel's total (<c>kernel</c>, Linux 5.18) includes the latter, so its parts are added.
    /// </summary>
    internal static long Memory(string statistics) =>
        (from line in statistics.Split('\n')
         let words = line.Split(' ')
         where words is ["anon" or "shmem" or "kernel_stack" or "pagetables" or "sec_pagetables" or "percpu" or "sock" or "vmalloc" or "slab_unreclaimable", _]
         select long.Parse(words[1], CultureInfo.InvariantCulture)).Sum();

    /// <summary>
    /// Kills all processes in the group at once, including processes that are being forked. Needs Linux 5.14; without effect
    /// before.
    /// </summary>
    public void Kill(RunMark mark)
    {
        if (directories.TryGetValue(mark, out var directory) && File.Exists(Path.Combine(directory, "cgroup.kill")))
        {
            TryWrite(Path.Combine(directory, "cgroup.kill"), "1");
        }
    }

    /// <summary>Removes the group of an ended run. On failure it is left to the next hub.</summary>
    public void Remove(RunMark mark)
    {
        if (!directories.TryRemove(mark, out var directory))
        {
            return;
        }

        foreach (var group in WithDescendants(directory).OrderByDescending(group => group.Length).ToArray())
        {
            try
            {
                Directory.Delete(group);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    private static IEnumerable<string> WithDescendants(string directory) =>
        Directory.Exists(directory) ? [directory, .. Directory.EnumerateDirectories(directory, "*", Everywhere)] : [];

    /// <summary>
    /// Whether the hub may create groups there and move its own processes into them: this needs write access to the process list
    /// of the common ancestor.
    /// </summary>
    private static bool IsOurs(string parent)
    {
        try
        {
            File.OpenHandle(Path.Combine(parent, ProcessesFile), FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            var probe = Path.Combine(parent, $"{Prefix}probe-{Environment.ProcessId}-{Guid.NewGuid():N}");
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The mount point and root of cgroup version 2; null when not mounted. proc(5), mountinfo.</summary>
    private static (string Mount, string Root)? Mount() =>
        (from line in Read("/proc/self/mountinfo").Split('\n')
         where line.Contains(" - cgroup2 ", StringComparison.Ordinal)
         let fields = line.Split(' ')
         select ((string, string)?)(fields[4], fields[3])).FirstOrDefault();

    /// <summary>The hub's own group: the line <c>0::/path</c>.</summary>
    private static string? OwnPath() =>
        Read("/proc/self/cgroup").Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?["0::".Length..];

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group or the process is gone.
            return "";
        }
    }

    private static void TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The feature is unavailable.
        }
    }
}
