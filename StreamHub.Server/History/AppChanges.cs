using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Data;

namespace StreamHub.Server.History;

/// <summary>
/// The last change of each app, from the audit. Each lookup reads only entries that were added since the last one. Not safe for
/// concurrent use.
/// </summary>
internal sealed class AppChanges(IDbContextFactory<HubDbContext> contexts)
{
    private readonly Dictionary<string, CrashReport.LastChange> last = new(StringComparer.Ordinal);
    private long read;

    /// <summary>The last change of an app; null when the audit has none.</summary>
    public async Task<CrashReport.LastChange?> FindAsync(AppSlug app)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var newest = await db.Audit.MaxAsync(row => (long?)row.Sequence) ?? 0;
        await foreach (var change in db.Audit.AsNoTracking()
            .Where(row => row.Sequence > read && row.Sequence <= newest && (row.Action == "app.created" || row.Action == "app.changed"))
            .OrderBy(row => row.Sequence).Select(row => new { row.Target, row.At, row.Action, row.Actor }).AsAsyncEnumerable())
        {
            last[change.Target] = new CrashReport.LastChange(change.At, change.Action, change.Actor);
        }

        read = newest;
        return last.GetValueOrDefault(app.ToString());
    }
}
