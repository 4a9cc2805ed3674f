using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Audit;

/// <summary>Reads who changed what, and who was refused.</summary>
internal sealed class AuditLog
{
    /// <summary>Entries of a page at most.</summary>
    public const int LargestPage = 1000;

    /// <summary>How many entries an export reads at a time.</summary>
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

    /// <summary>A row as it is told.</summary>
    internal static AuditEntry Of(AuditRow row) => Compiled(row);

    /// <summary>Entries, newest first.</summary>
    /// <param name="before">Only those with smaller numbers; null for the newest.</param>
    public async Task<IReadOnlyList<AuditEntry>> LatestAsync(AuditFilter filter, long? before, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Matching(db, filter).Where(row => before == null || row.Sequence < before)
            .OrderByDescending(row => row.Sequence).Take(count).Select(Entry).ToListAsync(cancellationToken);
    }

    /// <summary>A part of the entries.</summary>
    /// <param name="before">The newest below this number.</param>
    /// <param name="after">The oldest above this number, where <paramref name="before"/> is null; the newest without either.</param>
    /// <param name="count">How many at most, 1 to <see cref="LargestPage"/>.</param>
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

    /// <summary>Every entry that is meant, newest first.</summary>
    public async IAsyncEnumerable<AuditEntry> AllAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In steps: a statement that stays open as long as a slow client takes would keep SQLite from shortening its log.
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

    /// <summary>Reads the whole audit and checks its chain.</summary>
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
