using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Requests;

/// <summary>Visitors' requests for access: asked for here, decided by admins.</summary>
internal sealed class AccessRequests(IDbContextFactory<HubDbContext> contexts, ReverseDns names, SteadyClock clock)
{
    /// <summary>How often one address may ask within a day.</summary>
    internal const int DailyLimit = 5;

    /// <summary>How many requests of one site (for IPv6 the /64) may come within a day, and wait at once: a machine has all addresses of its own.</summary>
    internal const int SiteLimit = 20;

    /// <summary>How many requests may wait at once: beyond it somebody is knocking with many addresses.</summary>
    internal const int OpenLimit = 200;

    /// <summary>How many requests are listed; blocks in force always are.</summary>
    internal const int Listed = 200;

    /// <summary>How long requests are kept; blocks stay until they are lifted.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>Takes a request.</summary>
    /// <param name="from">The visitor's address.</param>
    /// <param name="owner">Whose address it is, in force or not.</param>
    /// <param name="device">Whose browser it probably is.</param>
    /// <param name="plea">What was typed; valid.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SubmitResult> AskAsync(ClientAddress from, UserName? owner, KnownDevice? device, AccessRequestForm plea, CancellationToken cancellationToken)
    {
        var (address, site, now) = (from.ToString(), from.Site.ToString(), clock.Wall);
        var hostName = await names.FindAsync(from, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.At < now - Memory && row.State != AccessRequestState.Blocked).ExecuteDeleteAsync(cancellationToken);

        // The transaction is a writer's from its begin: nobody asks between this look and the row.
        if (await db.AccessRequests.AnyAsync(
            row => (row.Address == address && (row.State == AccessRequestState.Open || row.State == AccessRequestState.Blocked))
                || (row.Site == site && row.State == AccessRequestState.Blocked),
            cancellationToken))
        {
            return SubmitResult.Refused;
        }

        var dayAgo = now.AddDays(-1);
        if (await db.AccessRequests.CountAsync(row => row.Address == address && row.At > dayAgo, cancellationToken) >= DailyLimit
            || await db.AccessRequests.CountAsync(row => row.Site == site && (row.At > dayAgo || row.State == AccessRequestState.Open), cancellationToken) >= SiteLimit
            || await db.AccessRequests.CountAsync(row => row.State == AccessRequestState.Open, cancellationToken) >= OpenLimit)
        {
            return SubmitResult.TooMany;
        }

        db.AccessRequests.Add(new AccessRequestRow
        {
            At = now,
            Address = address,
            Site = site,
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
        return SubmitResult.Sent;
    }

    /// <summary>Takes an open request back.</summary>
    public async Task WithdrawAsync(ClientAddress from, CancellationToken cancellationToken)
    {
        var (address, now) = (from.ToString(), clock.Wall);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.Address == address && row.State == AccessRequestState.Open)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.State, AccessRequestState.Withdrawn).SetProperty(it => it.DecidedAt, now), cancellationToken);
    }

    /// <summary>
    /// The latest request of an address as its visitor sees it: a block of its site wins, without the note when it was for another address;
    /// an approval shows when it is in force, or whoever comes in upon it would be refused once more.
    /// </summary>
    /// <param name="from">The address.</param>
    /// <param name="inForce">By what the visitor is let in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AccessRequest?> FindAsync(ClientAddress from, HubConfiguration inForce, CancellationToken cancellationToken)
    {
        var (address, site) = (from.ToString(), from.Site.ToString());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.AccessRequests.AsNoTracking()
            .Where(row => row.Address == address || (row.Site == site && row.State == AccessRequestState.Blocked))
            .OrderByDescending(row => row.State == AccessRequestState.Blocked).ThenByDescending(row => row.Address == address).ThenByDescending(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (row is { State: AccessRequestState.Approved } && !(row.DecidedAt <= inForce.LastApproval))
        {
            (row.State, row.DecidedBy, row.DecidedAt) = (AccessRequestState.Open, null, null);
        }

        return row is null ? null : row.Address == address ? Of(row) : Of(row) with { Note = null };
    }

    /// <summary>One request; null when there is none of that number.</summary>
    public async Task<AccessRequest?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? Of(row) : null;
    }

    /// <summary>Requests, newest first: 200 at most, and every block in force.</summary>
    /// <param name="isOpen">The open ones only, or those that are not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<AccessRequest>> ListAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = db.AccessRequests.AsNoTracking();
        var rows = await all.Where(row => row.State != AccessRequestState.Blocked && row.State == AccessRequestState.Open == isOpen)
            .OrderByDescending(row => row.Id).Take(Listed).ToListAsync(cancellationToken);
        var blocks = isOpen ? [] : await all.Where(row => row.State == AccessRequestState.Blocked).ToListAsync(cancellationToken);
        return [.. rows.Concat(blocks).OrderByDescending(row => row.Id).Select(Of)];
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
