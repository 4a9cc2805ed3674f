namespace StreamHub.Domain.Telemetry;

/// <summary>When a run that grows will have taken all that it may.</summary>
public static class MemoryForecast
{
    /// <summary>Readings below which nothing is said.</summary>
    public const int Fewest = 30;

    /// <summary>How far ahead something is said.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    // A line that explains less than this of what was read is no trend but a step or a wave (r squared).
    private const double LeastFit = 0.8;

    // Growth over all readings below this is noise.
    private const long LeastGrowth = 4L << 20;

    /// <summary>Lays a line through the readings (least squares) and follows it to the limit.</summary>
    /// <param name="memory">Bytes, oldest first.</param>
    /// <param name="limit">Bytes that it may take.</param>
    /// <param name="now">When the last was read.</param>
    /// <returns>Null when it does not grow steadily, or is full later than <see cref="Horizon"/>.</returns>
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
