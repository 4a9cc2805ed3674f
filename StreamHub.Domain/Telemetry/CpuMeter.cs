namespace StreamHub.Domain.Telemetry;

/// <summary>Converts CPU times to shares of the whole machine.</summary>
public static class CpuMeter
{
    /// <summary>The machine's CPU share between two readings, 0 to 1; 0 when no time passed.</summary>
    public static double HostShare(HostReading earlier, HostReading later)
    {
        var total = later.Total - earlier.Total;
        return total <= TimeSpan.Zero ? 0 : Math.Clamp((later.Busy - earlier.Busy) / total, 0, 1);
    }

    /// <summary>
    /// The CPU share of a process tree, 0 to 1. After the exit of a child a tree may have less CPU time than before: that is 0,
    /// never a negative share.
    /// </summary>
    /// <param name="cores">Logical processors of the machine.</param>
    public static double TreeShare(TimeSpan earlier, TimeSpan later, TimeSpan elapsed, int cores) =>
        elapsed <= TimeSpan.Zero || cores <= 0 ? 0 : Math.Clamp((later - earlier) / elapsed / cores, 0, 1);

    /// <summary>A share for display: percent with one decimal. Add shares before rounding.</summary>
    public static double Percent(double share) => Math.Round(share * 100, 1);
}
