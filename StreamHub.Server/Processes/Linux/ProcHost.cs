using System.Globalization;
using System.Runtime.Versioning;
using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Processes.Linux;

/// <summary>The machine's own counters, proc(5).</summary>
[SupportedOSPlatform("linux")]
internal static class ProcHost
{
    public static HostReading Read()
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice; guest time is in user already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Sum();
        var idle = ticks[3] + ticks[4];
        var memory = File.ReadLines("/proc/meminfo").Take(8)
            .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture) * 1024, StringComparer.Ordinal);
        return new HostReading(Time(total - idle), Time(total), memory["MemTotal"] - memory["MemAvailable"], memory["MemTotal"]);
    }

    /// <summary>Converts clock ticks.</summary>
    public static TimeSpan Time(long ticks) => TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / LinuxNative.ClockTicksPerSecond));
}
