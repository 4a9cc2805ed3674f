using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>Visitors' requests for access: asked for here, decided by admins.</summary>
internal sealed class AccessRequests(IDbContextFactory<HubDbContext> contexts, HostNames names, SteadyClock clock)
{
    /// <summary>How often one address may ask within a day.</summary>
    internal const int DailyLimit = 5;

    /// <summary>How many requests may wait at once: beyond it somebody is knocking with many addresses.</summary>
    internal const int OpenLimit = 200;

    private const int Listed = 200;

    /// <summary>How long requests are kept; blocks stay until they are lifted.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>Takes a request.</summary>
    /// <param name="from">The visitor's address.</param>
    /// <param name="owner">Whose address it is, in force or not.</param>
    /// <param name="device">Whose browser it probably is.</param>
    /// <param name="plea">What was typed; valid.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PleaOutcome> AskAsync(ClientAddress from, UserName? owner, KnownDevice? device, AccessPlea plea, CancellationToken cancellationToken)
    {
        var (address, now) = (from.ToString(), clock.Wall);
        var hostName = await names.FindAsync(from, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.At < now - Memory && row.State != AccessRequestState.Blocked).ExecuteDeleteAsync(cancellationToken);

        // The transaction is a writer's from its begin: nobody asks between this look and the row.
        if (await db.AccessRequests.AnyAsync(
            row => row.Address == address && (row.State == AccessRequestState.Open || row.State == AccessRequestState.Blocked), cancellationToken))
        {
            return PleaOutcome.Refused;
        }

        if (await db.AccessRequests.CountAsync(row => row.Address == address && row.At > now.AddDays(-1), cancellationToken) >= DailyLimit
            || await db.AccessRequests.CountAsync(row => row.State == AccessRequestState.Open, cancellationToken) >= OpenLimit)
        {
            return PleaOutcome.TooMany;
        }

        db.AccessRequests.Add(new AccessRequestRow
        {
            At = now,
            Address = address,
            HostName = hostName,
            User = owner?.ToString(),
            Name = plea.Name,
            App = plea.App,
            Purpose = plea.Purpose,
            DeviceUser = device?.User,
            DeviceAddress = device?.Address,
            DeviceSeen = device?.Seen,
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return PleaOutcome.Sent;
    }

    /// <summary>Takes an open request back.</summary>
    public async Task WithdrawAsync(ClientAddress from, CancellationToken cancellationToken)
    {
        var (address, now) = (from.ToString(), clock.Wall);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.Address == address && row.State == AccessRequestState.Open)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.State, AccessRequestState.Withdrawn).SetProperty(it => it.DecidedAt, now), cancellationToken);
    }

    /// <summary>The latest request of an address; a block wins.</summary>
    public async Task<AccessRequest?> FindAsync(ClientAddress from, CancellationToken cancellationToken)
    {
        var address = from.ToString();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.AccessRequests.AsNoTracking().Where(row => row.Address == address)
            .OrderByDescending(row => row.State == AccessRequestState.Blocked).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : Of(row);
    }

    /// <summary>One request; null when there is none of that number.</summary>
    public async Task<AccessRequest?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? Of(row) : null;
    }

    /// <summary>Requests, newest first, 200 at most.</summary>
    /// <param name="isOpen">The open ones only, or those that are not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<AccessRequest>> ListAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.AccessRequests.AsNoTracking().Where(row => row.State == AccessRequestState.Open == isOpen)
            .OrderByDescending(row => row.Id).Take(Listed).ToListAsync(cancellationToken);
        return [.. rows.Select(Of)];
    }

    /// <summary>How many wait for a decision.</summary>
    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessRequests.CountAsync(row => row.State == AccessRequestState.Open, cancellationToken);
    }

    private static AccessRequest Of(AccessRequestRow row) => new(
        row.Id,
        row.At,
        row.Address,
        row.HostName,
        row.User,
        row.Name,
        row.App,
        row.Purpose,
        row is { DeviceUser: { } user, DeviceAddress: { } address, DeviceSeen: { } seen } ? new KnownDevice(user, address, seen) : null,
        row.State,
        row.Note,
        row.DecidedBy,
        row.DecidedAt);
}
