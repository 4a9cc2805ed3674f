using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Data;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Visits;

/// <summary>
/// Counts visits by address, app, decision and hour for access previews. Counting costs one dictionary look-up per request; counts are stored once
/// a minute for 30 days. Counts can be lost: when the hub is killed, while the database cannot be written, beyond <see cref="Waiting"/> different
/// visits in a minute and beyond <see cref="Kept"/> rows (oldest first). Unassigned addresses, of which a client may have any number, have a small
/// capacity of their own and cannot displace visits of users.
/// </summary>
internal sealed partial class VisitLog(IDbContextFactory<HubDbContext> contexts, SteadyClock clock, ILogger<VisitLog> logger) : BackgroundService
{
    /// <summary>Different visits that may wait for storage.</summary>
    internal const int Waiting = 10_000;

    /// <summary>Stored rows.</summary>
    internal const int Kept = 200_000;

    /// <summary>Different visits of unassigned addresses that may wait for storage.</summary>
    internal const int UnregisteredWaiting = 1_000;

    /// <summary>Different visits of one site (for IPv6 the /64) without a user that may wait for storage.</summary>
    internal const int SiteWaiting = 10;

    /// <summary>Stored rows of unassigned addresses; the least frequent are deleted first, and of these the oldest.</summary>
    internal const int UnregisteredKept = 20_000;

    /// <summary>How long visits are stored.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const string Unregistered = nameof(AccessDecision.Unregistered);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private Batch batch = new();
    private bool failing;

    /// <summary>Counts a request after the gate's decision: pages and upgrades of authenticated users, and all refusals.</summary>
    /// <param name="app">The requested app, if it exists.</param>
    /// <param name="isAdmin">Whether the request arrived at the admin listener.</param>
    public void Record(AppSlug? app, HttpRequest request, ClientAddress address, bool isAdmin, AccessDecision decision)
    {
        if (decision is AccessDecision.Admitted && request.Headers.Upgrade.Count == 0 && !request.AcceptsHtml())
        {
            return;
        }

        var now = clock.Wall.UtcTicks;
        var key = new Key(address, app, isAdmin, decision.GetType().Name, now - (now % TimeSpan.TicksPerHour));
        var into = Volatile.Read(ref batch);
        if (!into.Counts.TryGetValue(key, out var counter))
        {
            if (!into.TryTake(address, isUnregistered: decision.Claim is null))
            {
                return;
            }

            counter = into.Counts.GetOrAdd(key, new Counter());
        }

        Interlocked.Increment(ref counter.Count);
    }

    /// <summary>The stored visits of the last 30 days.</summary>
    public static async Task<IReadOnlyList<Visit>> ReadAsync(HubDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - Memory;
        var rows = await db.Visits.AsNoTracking().Where(row => row.Hour >= oldest)
            .GroupBy(row => new { row.Address, row.App, row.Admin, row.Hour })
            .Select(group => new { group.Key.Address, group.Key.App, group.Key.Admin, group.Key.Hour, Count = group.Sum(row => row.Count) })
            .ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               let address = ClientAddress.TryParse(row.Address, out var parsed) ? parsed : (ClientAddress?)null
               where address is not null
               select new Visit(address.Value, AppSlug.TryParse(row.App, out var slug) ? slug : null, row.Admin, row.Hour, row.Count),
        ];
    }

    /// <summary>Stores the counts since the last call.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // A request that still counts into the old dictionary may be lost.
        var counts = Interlocked.Exchange(ref batch, new Batch()).Counts;
        if (counts.IsEmpty)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var (key, counter) in counts)
        {
            var hour = new DateTimeOffset(key.Hour, TimeSpan.Zero).ToUnixTimeMilliseconds();
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "visits" ("Hour", "Address", "App", "Admin", "Decision", "Count")
                VALUES ({hour}, {key.Address.ToString()}, {key.App?.ToString() ?? ""}, {key.IsAdmin}, {key.Decision}, {counter.Count})
                ON CONFLICT ("Hour", "Address", "App", "Admin", "Decision") DO UPDATE SET "Count" = "Count" + excluded."Count"
                """,
                cancellationToken);
        }

        var oldest = clock.Wall - Memory;
        await db.Visits.Where(row => row.Hour < oldest).ExecuteDeleteAsync(cancellationToken);
        var excess = await db.Visits.CountAsync(row => row.Decision != Unregistered, cancellationToken) - Kept;
        if (excess > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"""DELETE FROM "visits" WHERE rowid IN (SELECT rowid FROM "visits" WHERE "Decision" <> {Unregistered} ORDER BY "Hour" LIMIT {excess})""", cancellationToken);
        }

        var unregistered = await db.Visits.CountAsync(row => row.Decision == Unregistered, cancellationToken) - UnregisteredKept;
        if (unregistered > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"""DELETE FROM "visits" WHERE rowid IN (SELECT rowid FROM "visits" WHERE "Decision" = {Unregistered} ORDER BY "Count", "Hour" LIMIT {unregistered})""", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryFlushAsync();
        }
    }

    private async Task TryFlushAsync()
    {
        try
        {
            // Also while the hub stops; SQLite's busy timeout of 5 s limits it.
            await FlushAsync(CancellationToken.None);
            failing = false;
        }
        catch (Exception exception)
        {
            if (!failing)
            {
                Log.Failed(logger, exception);
            }

            failing = true;
        }
    }

    private readonly record struct Key(ClientAddress Address, AppSlug? App, bool IsAdmin, string Decision, long Hour);

    /// <summary>The counts since the last flush. Entries are counted here, because ConcurrentDictionary.Count takes all of its locks.</summary>
    private sealed class Batch
    {
        private readonly ConcurrentDictionary<ClientAddress, Counter> sites = new();
        private long known;
        private long unregistered;

        public ConcurrentDictionary<Key, Counter> Counts { get; } = new();

        /// <summary>Reserves an entry for one more visit; false when the capacity is used.</summary>
        public bool TryTake(ClientAddress address, bool isUnregistered) => isUnregistered
            ? Volatile.Read(ref unregistered) < UnregisteredWaiting && TryTake(ref sites.GetOrAdd(address.Site, static _ => new Counter()).Count, SiteWaiting) && TryTake(ref unregistered, UnregisteredWaiting)
            : TryTake(ref known, Waiting);

        private static bool TryTake(ref long taken, int places) => Interlocked.Increment(ref taken) <= places;
    }

    private sealed class Counter
    {
        public long Count;
    }

    private static partial class Log
    {
        [LoggerMessage(2021, LogLevel.Warning, "Visits cannot be stored; those of the last minute are lost.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
