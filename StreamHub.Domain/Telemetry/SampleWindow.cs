namespace StreamHub.Domain.Telemetry;

/// <summary>The last samples of a series, oldest first. Not safe for concurrent use.</summary>
/// <param name="capacity">Maximum number of samples; at least 1.</param>
public sealed class SampleWindow(int capacity)
{
    /// <summary>One minute at one sample a second.</summary>
    public const int OneMinute = 60;

    private readonly double[] ring = new double[capacity];
    private long added;

    /// <summary>Adds the newest sample; removes the oldest when the window is full.</summary>
    public void Add(double sample) => ring[added++ % ring.Length] = sample;

    /// <summary>A copy of the samples, oldest first.</summary>
    public IReadOnlyList<double> Values()
    {
        var count = (int)Math.Min(added, ring.Length);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ring[(added - count + i) % ring.Length];
        }

        return values;
    }
}
