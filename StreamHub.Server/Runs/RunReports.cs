using System.Collections.Concurrent;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runs;

/// <summary>The latest report of each living run.</summary>
internal sealed class RunReports
{
    private readonly ConcurrentDictionary<RunId, (AppSlug App, RunReport Report)> latest = new();

    /// <summary>A run has told something. Handlers return at once.</summary>
    public event Action<RunId, AppSlug, RunReport>? Kept;

    /// <param name="report">Null when the run told nothing: what it told before stays.</param>
    public void Keep(RunId run, AppSlug app, RunReport? report)
    {
        if (report is not null)
        {
            latest[run] = (app, report);
            Kept?.Invoke(run, app, report);
        }
    }

    public RunReport? Of(RunId run) => latest.TryGetValue(run, out var known) ? known.Report : null;

    /// <summary>The reports of an app's runs, newest run first.</summary>
    public IEnumerable<(RunId Run, RunReport Report)> Of(AppSlug app) =>
        latest.Where(known => known.Value.App == app).OrderByDescending(known => known.Key).Select(known => (known.Key, known.Value.Report));

    /// <summary>Drops the reports of ended runs.</summary>
    public void Prune(IReadOnlySet<RunId> living)
    {
        foreach (var run in latest.Keys.Where(run => !living.Contains(run)))
        {
            latest.TryRemove(run, out _);
        }
    }
}
