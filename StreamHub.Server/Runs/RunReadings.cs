using System.Collections.Concurrent;
using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>The last minutes of each living run, one reading a second: what a crash is looked at with, and what its growth is told from.</summary>
internal sealed class RunReadings(SteadyClock clock)
{
    /// <summary>Readings that are kept of a run.</summary>
    internal const int Kept = 180;

    /// <summary>Of so many readings one is kept for the trend, which reaches half an hour back.</summary>
    internal const int TrendStep = 10;

    // A reading may come in just after the run was taken out.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RunId, Ring> rings = new();

    /// <summary>Adds a reading.</summary>
    /// <param name="memory">Resident bytes of its process tree.</param>
    public void Add(RunId run, long memory, int sessions)
    {
        // A tree that has ended, and of which nobody was told yet, says nothing of what it took.
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
        }
    }

    /// <summary>When, by the steady clock, a run that goes on growing will have taken so many bytes; null when it does not grow steadily.</summary>
    public DateTimeOffset? Full(RunId run, long limit)
    {
        if (!rings.TryGetValue(run, out var ring))
        {
            return null;
        }

        lock (ring)
        {
            // What grows fast is told from the seconds, once the start is out of sight.
            return Full(ring.Trend, TrendStep) ?? (ring.Count >= Kept ? Full(ring.Memory, 1) : null);

            DateTimeOffset? Full(SampleWindow window, int seconds) =>
                MemoryForecast.Full([.. window.Values().Select(bytes => (long)bytes)], TimeSpan.FromSeconds(seconds), limit, ring.At);
        }
    }

    /// <summary>Takes a run's readings out.</summary>
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

    /// <summary>Drops what nobody took.</summary>
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
    }
}
