using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Requests;

/// <summary>Visitors' requests for access; <see cref="RequestDecisions"/> decides them.</summary>
internal sealed class AccessRequests(IDbContextFactory<HubDbContext> contexts, ReverseDns names, SteadyClock clock)
{
    /// <summary>Requests of one address within a day.</summary>
    internal const int DailyLimit = 5;

    /// <summary>Requests of one site (for IPv6 the /64) within a day, and open ones at once: one machine has all addresses of its site.</summary>
    internal const int SiteLimit = 20;

    /// <summary>Open requests at once: more of them indicate a flood from many addresses.</summary>
    internal const int OpenLimit = 200;

    /// <summary>The number of listed requests; active blocks are always listed.</summary>
    internal const int Listed = 200;

    /// <summary>How long requests are stored; blocks stay until they are lifted.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>Submits a request.</summary>
    /// <param name="owner">The user of the address, active or not.</param>
    /// <param name="device">The probable user of the browser.</param>
    /// <param name="form">Must be valid.</param>
    public async Task<SubmitResult> AskAsync(ClientAddress from, UserName? owner, KnownDevice? device, AccessRequestForm form, CancellationToken cancellationToken)
    {
        var (address, site, now) = (from.ToString(), from.Site.ToString(), clock.Wall);
        var hostName = await names.FindAsync(from, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.At < now - Memory && row.State != AccessRequestState.Blocked).ExecuteDeleteAsync(cancellationToken);

        // A write transaction (BEGIN IMMEDIATE): no other request is inserted between this check and the new row.
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
            Name = form.Name,
            App = form.App,
            Purpose = form.Purpose,
            DeviceUser = device?.User,
            DeviceAddress = device?.Address,
            DeviceSeen = device?.Seen,
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return SubmitResult.Sent;
    }

    /// <summary>Withdraws an open request.</summary>
    public async Task WithdrawAsync(ClientAddress from, CancellationToken cancellationToken)
    {
        var (address, now) = (from.ToString(), clock.Wall);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.AccessRequests.Where(row => row.Address == address && row.State == AccessRequestState.Open)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.State, AccessRequestState.Withdrawn).SetProperty(it => it.DecidedAt, now), cancellationToken);
    }

    /// <summary>
    /// The latest request of an address as its visitor sees it. A block of the site takes precedence, without its note when it was for another
    /// address. An approval is shown as open until the current configuration contains it; a reload of the page would otherwise be refused again.
    /// </summary>
    /// <param name="inForce">The configuration that decides the visitor's access.</param>
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

    public async Task<AccessRequest?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? Of(row) : null;
    }

    /// <summary>Requests, newest first: at most 200, and every active block.</summary>
    /// <param name="isOpen">Open or decided requests.</param>
    public async Task<IReadOnlyList<AccessRequest>> ListAsync(bool isOpen, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = db.AccessRequests.AsNoTracking();
        var rows = await all.Where(row => row.State != AccessRequestState.Blocked && row.State == AccessRequestState.Open == isOpen)
            .OrderByDescending(row => row.Id).Take(Listed).ToListAsync(cancellationToken);
        var blocks = isOpen ? [] : await all.Where(row => row.State == AccessRequestState.Blocked).ToListAsync(cancellationToken);
        return [.. rows.Concat(blocks).OrderByDescending(row => row.Id).Select(Of)];
    }

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
