using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;

namespace StreamHub.Server.Admin;

/// <summary>Reads who changed what.</summary>
public sealed class AuditLog
{
    private readonly IDbContextFactory<HubDbContext> contexts;

    internal AuditLog(IDbContextFactory<HubDbContext> contexts) => this.contexts = contexts;

    /// <summary>The latest entries, newest first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<AuditEntry>> LatestAsync(int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Audit.AsNoTracking().OrderByDescending(row => row.Sequence).Take(count)
            .Select(row => new AuditEntry(row.Sequence, row.At, row.Actor, row.Address, row.Action, row.Target, row.Before, row.After))
            .ToListAsync(cancellationToken);
    }
}
