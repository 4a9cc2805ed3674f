using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The latest memory measurement, and the maximum of each app's last runs. Old runs are dropped, so that a past leak does not
/// count forever.
/// </summary>
internal sealed class MemoryGauge
{
    /// <summary>Number of ended runs per app that count; living runs always do.</summary>
    internal const int Counted = 5;

    /// <summary>How long an ended run counts.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromHours(24);

    private Dictionary<RunId, (AppSlug App, long Most, DateTimeOffset At)> peaks = [];
    private MachineMemory? current;

    /// <summary>The latest measurement; null before the first.</summary>
    public MachineMemory? Current => Volatile.Read(ref current);

    /// <summary>Takes a measurement. One caller at a time.</summary>
    /// <param name="free">Bytes available to programs.</param>
    /// <param name="runs">Memory of each run, bytes.</param>
    public void Set(DateTimeOffset at, long free, IEnumerable<(AppSlug App, RunId Run, long Taken)> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var takes = ImmutableDictionary.CreateBuilder<RunId, long>();
        foreach (var (app, run, taken) in runs)
        {
            peaks[run] = (app, Math.Max(taken, peaks.GetValueOrDefault(run).Most), at);
            takes[run] = taken;
        }

        peaks = peaks.Where(peak => at - peak.Value.At < Age).GroupBy(peak => peak.Value.App)
            .SelectMany(app => app.OrderByDescending(peak => peak.Key).Where((peak, index) => index < Counted || takes.ContainsKey(peak.Key))).ToDictionary();
        var needs = peaks.Values.GroupBy(peak => peak.App).ToImmutableDictionary(app => app.Key, app => app.Max(peak => peak.Most));
        Volatile.Write(ref current, new MachineMemory(at, free, needs) { Runs = takes.ToImmutable() });
    }
}
