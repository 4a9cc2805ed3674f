namespace StreamHub.Domain.Telemetry;

/// <summary>Turns CPU times into shares of the whole machine.</summary>
public static class CpuMeter
{
    /// <summary>The share of the machine between two host readings, 0 to 1; 0 when no time passed.</summary>
    public static double HostShare(HostReading earlier, HostReading later)
    {
        var total = later.Total - earlier.Total;
        return total <= TimeSpan.Zero ? 0 : Math.Clamp((later.Busy - earlier.Busy) / total, 0, 1);
    }

    /// <summary>
    /// The share of the machine that a process tree took, 0 to 1. A tree that lost a process
    /// may have less CPU time than before: that reads as 0, never as a negative share.
    /// </summary>
    /// <param name="elapsed">The time between the two.</param>
    /// <param name="cores">Logical processors of the machine.</param>
    public static double TreeShare(TimeSpan earlier, TimeSpan later, TimeSpan elapsed, int cores) =>
        elapsed <= TimeSpan.Zero || cores <= 0 ? 0 : Math.Clamp((later - earlier) / elapsed / cores, 0, 1);

    /// <summary>A share as it is shown: percent with one decimal. Shares are added up before.</summary>
    public static double Percent(double share) => Math.Round(share * 100, 1);
}
