using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>One line of <c>/proc/PID/stat</c>, proc(5).</summary>
/// <param name="Pid">Field 1.</param>
/// <param name="State">Field 3.</param>
/// <param name="Parent">Field 4.</param>
/// <param name="Group">Field 5.</param>
/// <param name="Session">Field 6.</param>
/// <param name="CpuTicks">Fields 14 to 17: user and system time, own and of reaped children.</param>
/// <param name="StartTime">Field 22, clock ticks since boot.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct ProcStat(int Pid, char State, int Parent, int Group, int Session, long CpuTicks, long StartTime)
{
    /// <summary>Whether it has exited and waits to be reaped.</summary>
    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>Every current process. Processes that exit meanwhile are omitted.</summary>
    public static List<ProcStat> All()
    {
        var all = new List<ProcStat>(256);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(directory.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } stat)
            {
                all.Add(stat);
            }
        }

        return all;
    }

    /// <summary>One process; null when the id is unused.</summary>
    public static ProcStat? Read(int pid)
    {
        try
        {
            using var file = File.OpenHandle($"/proc/{pid}/stat");
            Span<byte> buffer = stackalloc byte[1024];
            return Parse(pid, buffer[..RandomAccess.Read(file, buffer, 0)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcStat? Parse(int pid, ReadOnlySpan<byte> line)
    {
        // The name in parentheses may contain any character: fields are counted from the last closing parenthesis.
        var end = line.LastIndexOf((byte)')');
        if (end < 0 || end + 2 >= line.Length)
        {
            return null;
        }

        var rest = line[(end + 2)..];
        var state = (char)rest[0];
        Span<long> fields = stackalloc long[23];
        rest = rest[1..];
        for (var field = 4; field <= 22 && rest.Length > 1; field++)
        {
            rest = rest[1..];
            if (!Utf8Parser.TryParse(rest, out fields[field], out var read))
            {
                return null;
            }

            rest = rest[read..];
        }

        return new ProcStat(
            pid, state, (int)fields[4], (int)fields[5], (int)fields[6], fields[14] + fields[15] + fields[16] + fields[17], fields[22]);
    }
}
