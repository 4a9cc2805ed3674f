using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Instances;

/// <summary>The latest measurement of memory, and the most that a run of each app has taken since the hub started.</summary>
public sealed class MemoryGauge
{
    private MachineMemory? current;

    /// <summary>The latest; null before the first.</summary>
    public MachineMemory? Current => Volatile.Read(ref current);

    /// <summary>Takes a measurement. One caller at a time.</summary>
    /// <param name="at">When it was made.</param>
    /// <param name="free">Bytes that programs can have.</param>
    /// <param name="runs">What runs take, bytes.</param>
    public void Set(DateTimeOffset at, long free, IEnumerable<(AppSlug App, RunId Run, long Taken)> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var needs = (current?.Needs ?? ImmutableDictionary<AppSlug, long>.Empty).ToBuilder();
        var takes = ImmutableDictionary.CreateBuilder<RunId, long>();
        foreach (var (app, run, taken) in runs)
        {
            needs[app] = Math.Max(taken, needs.GetValueOrDefault(app));
            takes[run] = taken;
        }

        Volatile.Write(ref current, new MachineMemory(at, free, needs.ToImmutable()) { Runs = takes.ToImmutable() });
    }
}
