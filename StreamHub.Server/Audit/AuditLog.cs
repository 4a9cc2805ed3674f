using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Audit;

/// <summary>Reads and verifies the audit.</summary>
internal sealed class AuditLog
{
    /// <summary>The largest page in entries.</summary>
    public const int LargestPage = 1000;

    /// <summary>The entries that an export reads per query.</summary>
    internal const int Step = 500;

    private static readonly Expression<Func<AuditRow, AuditEntry>> Entry = row =>
        new AuditEntry(row.Sequence, row.At, row.Actor, row.Address, row.Action, row.Target, row.Before, row.After);

    private static readonly Func<AuditRow, AuditEntry> Compiled = Entry.Compile();

    private readonly IDbContextFactory<HubDbContext> contexts;
    private readonly AuditTrail trail;

    internal AuditLog(IDbContextFactory<HubDbContext> contexts, AuditTrail trail)
    {
        this.contexts = contexts;
        this.trail = trail;
    }

    /// <summary>Converts a row to an entry.</summary>
    internal static AuditEntry Of(AuditRow row) => Compiled(row);

    /// <summary>The newest entries, newest first.</summary>
    /// <param name="before">Only entries below this number; null for all.</param>
    public async Task<IReadOnlyList<AuditEntry>> LatestAsync(AuditFilter filter, long? before, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Matching(db, filter).Where(row => before == null || row.Sequence < before)
            .OrderByDescending(row => row.Sequence).Take(count).Select(Entry).ToListAsync(cancellationToken);
    }

    /// <summary>A page of entries.</summary>
    /// <param name="before">Selects the newest entries below this number.</param>
    /// <param name="after">Selects the oldest entries above this number where <paramref name="before"/> is null; without either, the newest.</param>
    /// <param name="count">The largest number of entries, 1 to <see cref="LargestPage"/>.</param>
    public async Task<AuditSlice> PageAsync(AuditFilter filter, long? before, long? after, int count, CancellationToken cancellationToken)
    {
        if (before is null && after is not null)
        {
            var newer = await AboveAsync(filter, after.Value, count + 1, cancellationToken);
            if (newer.Count > count)
            {
                var part = newer.Take(count).Reverse().ToList();
                return new AuditSlice(part, part[^1].Sequence, part[0].Sequence);
            }
        }

        var found = await LatestAsync(filter, before, count + 1, cancellationToken);
        return new AuditSlice(
            found.Count > count ? [.. found.Take(count)] : found,
            found.Count > count ? found[count - 1].Sequence : null,
            before is null ? null : found.Count > 0 ? found[0].Sequence : before - 1);
    }

    /// <summary>All selected entries, newest first.</summary>
    public async IAsyncEnumerable<AuditEntry> AllAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Several short queries: with a slow client, one long read transaction would keep SQLite from truncating its write-ahead log.
        IReadOnlyList<AuditEntry> part = [];
        do
        {
            part = await LatestAsync(filter, part.Count == 0 ? null : part[^1].Sequence, Step, cancellationToken);
            foreach (var entry in part)
            {
                yield return entry;
            }
        }
        while (part.Count == Step);
    }

    /// <summary>Verifies the chain of the whole audit.</summary>
    public async Task<AuditCheck> VerifyAsync(CancellationToken cancellationToken)
    {
        var (rows, fault) = await trail.VerifyAsync(cancellationToken);
        return new AuditCheck(rows, fault);
    }

    private async Task<List<AuditEntry>> AboveAsync(AuditFilter filter, long after, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Matching(db, filter).Where(row => row.Sequence > after).OrderBy(row => row.Sequence).Take(count).Select(Entry).ToListAsync(cancellationToken);
    }

    private static IQueryable<AuditRow> Matching(HubDbContext db, AuditFilter filter)
    {
        var rows = db.Audit.AsNoTracking();
        if (filter.Text is { } text)
        {
            var anywhere = $"%{Literal(text)}%";
            rows = rows.Where(row =>
                EF.Functions.Like(row.Actor, anywhere, Escape) || EF.Functions.Like(row.Address!, anywhere, Escape)
                || EF.Functions.Like(row.Action, anywhere, Escape) || EF.Functions.Like(row.Target, anywhere, Escape)
                || EF.Functions.Like(row.Before!, anywhere, Escape) || EF.Functions.Like(row.After!, anywhere, Escape));
        }

        if (filter.Actor is { } actor)
        {
            rows = rows.Where(row => EF.Functions.Like(row.Actor, Literal(actor) + "%", Escape));
        }

        if (filter.Action is { } action)
        {
            rows = rows.Where(row => EF.Functions.Like(row.Action, Literal(action) + "%", Escape));
        }

        if (filter.Target is { } target)
        {
            rows = rows.Where(row => EF.Functions.Like(row.Target, Literal(target) + "%", Escape));
        }

        if (filter.From is { } from)
        {
            rows = rows.Where(row => row.At >= from);
        }

        return filter.Until is { } until ? rows.Where(row => row.At < until) : rows;
    }

    private const string Escape = "\\";

    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
