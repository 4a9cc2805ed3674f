namespace StreamHub.Domain.Telemetry;

/// <summary>Predicts when a growing run reaches its memory limit.</summary>
public static class MemoryForecast
{
    /// <summary>Minimum number of readings for a prediction.</summary>
    public const int Fewest = 30;

    /// <summary>Maximum time of a prediction.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    // A lower coefficient of determination (r squared) means a step or a wave, not a trend.
    private const double LeastFit = 0.8;

    // Less growth over all readings is noise.
    private const long LeastGrowth = 4L << 20;

    /// <summary>Fits a line to the readings (least squares) and extends it to the limit.</summary>
    /// <param name="memory">Bytes, oldest first.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="now">The time of the last reading.</param>
    /// <returns>Null when the growth is not steady, or the limit is later than <see cref="Horizon"/>.</returns>
    public static DateTimeOffset? Full(IReadOnlyList<long> memory, TimeSpan interval, long limit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.Count < Fewest || memory[^1] >= limit)
        {
            return null;
        }

        var (middle, mean) = ((memory.Count - 1) / 2.0, memory.Average());
        var (along, across, both) = (0.0, 0.0, 0.0);
        for (var i = 0; i < memory.Count; i++)
        {
            var (x, y) = (i - middle, memory[i] - mean);
            along += x * x;
            across += y * y;
            both += x * y;
        }

        var slope = both / along;
        if (slope * memory.Count < LeastGrowth || both * both < LeastFit * along * across)
        {
            return null;
        }

        var left = interval * ((limit - memory[^1]) / slope);
        return left <= Horizon ? now + left : null;
    }
}
