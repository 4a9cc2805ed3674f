using System.Collections.Concurrent;
using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>The last minutes of each living run, one reading a second, for crash reports and memory forecasts.</summary>
internal sealed class RunReadings(SteadyClock clock)
{
    /// <summary>Number of readings per run.</summary>
    internal const int Kept = 180;

    /// <summary>Every n-th reading is kept for the trend, which covers half an hour.</summary>
    internal const int TrendStep = 10;

    // A reading may arrive just after the run was removed.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RunId, Ring> rings = new();

    /// <param name="memory">Memory of its process tree in bytes.</param>
    /// <param name="computes">Whether the tree has computed since the last reading.</param>
    public void Add(RunId run, long memory, int sessions, bool computes)
    {
        // An exited tree without an exit event so far reads as 0, which would falsify the memory history.
        if (memory == 0)
        {
            return;
        }

        var ring = rings.GetOrAdd(run, static _ => new Ring());
        lock (ring)
        {
            ring.Memory.Add(memory);
            if (ring.Count++ % TrendStep == 0)
            {
                ring.Trend.Add(memory);
            }

            ring.Sessions = sessions;
            ring.At = clock.Now;
            ring.Computes = computes;
        }
    }

    /// <summary>Whether a run computes, by a reading after an instant of the steady clock; null without one.</summary>
    public bool? Computes(RunId run, DateTimeOffset since)
    {
        if (!rings.TryGetValue(run, out var ring))
        {
            return null;
        }

        lock (ring)
        {
            return ring.At > since ? ring.Computes : null;
        }
    }

    /// <summary>When, by the steady clock, a growing run reaches the limit; null without steady growth.</summary>
    public DateTimeOffset? Full(RunId run, long limit)
    {
        if (!rings.TryGetValue(run, out var ring))
        {
            return null;
        }

        lock (ring)
        {
            // Fast growth is visible in the per-second readings, once the start-up is no longer among them.
            return Full(ring.Trend, TrendStep) ?? (ring.Count >= Kept ? Full(ring.Memory, 1) : null);

            DateTimeOffset? Full(SampleWindow window, int seconds) =>
                MemoryForecast.Full([.. window.Values().Select(bytes => (long)bytes)], TimeSpan.FromSeconds(seconds), limit, ring.At);
        }
    }

    /// <summary>Removes and returns a run's readings.</summary>
    public (ImmutableArray<long> Memory, int Sessions) Take(RunId run)
    {
        if (!rings.TryRemove(run, out var ring))
        {
            return ([], 0);
        }

        lock (ring)
        {
            return ([.. ring.Memory.Values().Select(bytes => (long)bytes)], ring.Sessions);
        }
    }

    /// <summary>Removes unclaimed readings of ended runs.</summary>
    public void Prune()
    {
        foreach (var (run, ring) in rings)
        {
            if (clock.Now - ring.At > Forgotten)
            {
                rings.TryRemove(run, out _);
            }
        }
    }

    private sealed class Ring
    {
        public SampleWindow Memory { get; } = new(Kept);

        public SampleWindow Trend { get; } = new(Kept);

        public long Count { get; set; }

        public int Sessions { get; set; }

        public DateTimeOffset At { get; set; }

        public bool Computes { get; set; }
    }
}
