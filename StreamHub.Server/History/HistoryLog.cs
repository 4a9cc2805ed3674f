using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.History;

/// <summary>Reads the history of apps.</summary>
internal sealed class HistoryLog
{
    /// <summary>Maximum entries per page.</summary>
    public const int LargestPage = 500;

    private static readonly Expression<Func<HistoryRow, HistoryEntry>> Entry = row => new HistoryEntry(
        row.Sequence, row.At, row.App, row.User, row.Run, row.From, row.To, row.Cause, row.By, row.Reason, row.Detail);

    private readonly IDbContextFactory<HubDbContext> contexts;

    private readonly CrashReportStore reports;

    internal HistoryLog(IDbContextFactory<HubDbContext> contexts, CrashReportStore reports, HistoryWriter history, CrashReportWriter crashes)
    {
        this.contexts = contexts;
        this.reports = reports;
        history.Written += () => Changed?.Invoke();
        crashes.Written += () => Changed?.Invoke();
    }

    /// <summary>Raised after entries or crash reports were added, on the writer's thread.</summary>
    public event Action? Changed;

    /// <summary>Entries of an app, newest first.</summary>
    /// <param name="before">Only entries with smaller numbers; null for the newest.</param>
    /// <param name="count">Maximum number, 1 to <see cref="LargestPage"/>.</param>
    public async Task<HistorySlice> PageAsync(AppSlug app, long? before, int count, CancellationToken cancellationToken)
    {
        var slug = app.ToString();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.History.AsNoTracking().Where(row => row.App == slug && (before == null || row.Sequence < before))
            .OrderByDescending(row => row.Sequence).Take(count + 1).Select(Entry).ToListAsync(cancellationToken);
        return found.Count > count ? new HistorySlice(found[..count], found[count - 1].Sequence) : new HistorySlice(found, null);
    }

    /// <summary>The latest crash reports of an app, newest first.</summary>
    public IReadOnlyList<CrashReport> Crashes(AppSlug app) => reports.All(app);

    /// <summary>All stored entries of an app, newest first.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> AllAsync(AppSlug app, CancellationToken cancellationToken)
    {
        var slug = app.ToString();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.History.AsNoTracking().Where(row => row.App == slug).OrderByDescending(row => row.Sequence).Select(Entry).ToListAsync(cancellationToken);
    }
}
