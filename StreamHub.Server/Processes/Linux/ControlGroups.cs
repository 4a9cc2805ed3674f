using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// A control group for each run, cgroups(7) version 2. A process is born into its parent's group and cannot leave it by
/// forking, by a session of its own or by a clean environment; the kernel ends a group as a whole.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ControlGroups
{
    /// <summary>Processes and threads that one run may have, where the kernel counts them for us.</summary>
    public const int MostTasks = 2048;

    private const string Prefix = "streamhub-";
    private const string ProcessesFile = "cgroup.procs";

    /// <summary>The name that a service manager gives the hub's own group below the one that it left to us (DelegateSubgroup=).</summary>
    private const string OwnName = "hub";

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private readonly ConcurrentDictionary<RunMark, string> directories = new();
    private readonly string mount;

    private ControlGroups(string mount, string parent)
    {
        this.mount = mount;
        Parent = parent;

        // Counting needs a parent without processes of its own: elsewhere this is refused, and a run counts as far as its machine does.
        if (Read(Path.Combine(parent, "cgroup.controllers")).Split([' ', '\n']).Contains("pids"))
        {
            TryWrite(Path.Combine(parent, "cgroup.subtree_control"), "+pids");
        }
    }

    /// <summary>Below which directory the groups are.</summary>
    public string Parent { get; }

    /// <summary>The groups, below the hub's own one or beside it; null, and why, where the hub may not make any.</summary>
    public static ControlGroups? Open(out string whyNot)
    {
        if (Mount() is not var (mount, root) || OwnPath() is not { } own)
        {
            whyNot = "the machine has no control groups of version 2";
            return null;
        }

        var group = mount + (root.Length > 1 && own.StartsWith(root, StringComparison.Ordinal) ? own[root.Length..] : own).TrimEnd('/');
        if (!Read(Path.Combine(group, ProcessesFile)).Split('\n').Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
        {
            whyNot = $"the hub's own, {own}, is not to be seen at {mount}";
            return null;
        }

        string[] parents = Path.GetFileName(group) == OwnName ? [Path.GetDirectoryName(group)!, group] : [group];
        whyNot = $"the hub's account may make none in {parents[^1]}";
        return parents.FirstOrDefault(IsOurs) is { } parent ? new ControlGroups(mount, parent) : null;
    }

    /// <summary>Makes the group of a run; returns the file that a process writes 0 to so as to enter it, or null when it could not be made.</summary>
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
            TryWrite(Path.Combine(directory, "pids.max"), MostTasks.ToString(CultureInfo.InvariantCulture));
        }

        return Path.Combine(directory, ProcessesFile);
    }

    /// <summary>Finds the groups of this data directory's runs that an earlier hub made, wherever it stood.</summary>
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

    /// <summary>Removes the groups that nobody is in any more. Not while a run is being started.</summary>
    public void RemoveEmpty()
    {
        foreach (var mark in directories.Keys.Where(mark => !IsPopulated(mark)))
        {
            Remove(mark);
        }
    }

    /// <summary>The run of each process that is in a group, or in one that the run made within its own.</summary>
    public Dictionary<int, RunMark> Processes()
    {
        var processes = new Dictionary<int, RunMark>();
        foreach (var (mark, directory) in directories)
        {
            foreach (var line in WithDescendants(directory).SelectMany(group => Read(Path.Combine(group, ProcessesFile)).Split('\n')))
            {
                // 0 stands for a process that is not to be seen from here.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                {
                    processes[pid] = mark;
                }
            }
        }

        return processes;
    }

    /// <summary>Whether there is a living process in the group.</summary>
    public bool IsPopulated(RunMark mark) =>
        directories.TryGetValue(mark, out var directory) && Read(Path.Combine(directory, "cgroup.events")).Contains("populated 1", StringComparison.Ordinal);

    /// <summary>The CPU time of all processes that were ever in the group; null when there is none.</summary>
    public TimeSpan? CpuTime(RunMark mark)
    {
        const string name = "usage_usec ";
        return directories.TryGetValue(mark, out var directory)
            && Read(Path.Combine(directory, "cpu.stat")).Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    /// <summary>Ends all processes in the group at once, those that are being forked too. Linux 5.14; before, nothing happens.</summary>
    public void Kill(RunMark mark)
    {
        if (directories.TryGetValue(mark, out var directory) && File.Exists(Path.Combine(directory, "cgroup.kill")))
        {
            TryWrite(Path.Combine(directory, "cgroup.kill"), "1");
        }
    }

    /// <summary>Removes the group of a run that is over. One that cannot be removed is left to the next hub.</summary>
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

    /// <summary>Whether the hub may make groups there and move processes from its own into them: that asks for the right to write the common ancestor's list.</summary>
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

    /// <summary>Where version 2 is mounted and from which of its groups on; null when it is not. proc(5), mountinfo.</summary>
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
            // The group, or the process, is gone.
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
            // What it would have brought is not had.
        }
    }
}
