using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Data;

/// <summary>
/// Counts visits by address, app, decision and hour, for rehearsals. Counting is one dictionary look-up in the request;
/// writing happens once a minute, and keeps 30 days. Counts may be lost: when the hub is killed, when the database cannot be
/// written, beyond <see cref="Waiting"/> different visits in a minute and <see cref="Kept"/> stored ones (the oldest go first).
/// </summary>
internal sealed partial class VisitLog(
    IDbContextFactory<HubDbContext> contexts, ConfigurationStore store, SteadyClock clock, ILogger<VisitLog> logger) : BackgroundService
{
    /// <summary>Different visits that may wait to be written.</summary>
    internal const int Waiting = 10_000;

    /// <summary>Rows that are kept.</summary>
    internal const int Kept = 200_000;

    /// <summary>How long visits are kept.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private ConcurrentDictionary<Key, Counter> counts = new();
    private int different;
    private bool failing;

    /// <summary>Counts a request that the gate decided on: pages and upgrades of who was let in, and whatever was refused.</summary>
    public void Record(HttpRequest request, ClientAddress address, bool isAdmin, AccessDecision decision)
    {
        if (decision is AccessDecision.Admitted && request.Headers.Upgrade.Count == 0 && !request.AcceptsHtml())
        {
            return;
        }

        var now = clock.Wall.UtcTicks;
        var key = new Key(address, store.Current.AppOf(request.Path.Value), isAdmin, decision.GetType().Name, now - (now % TimeSpan.TicksPerHour));
        var into = Volatile.Read(ref counts);
        if (!into.TryGetValue(key, out var counter))
        {
            // The count of a ConcurrentDictionary takes all of its locks, so we keep our own.
            if (Volatile.Read(ref different) >= Waiting)
            {
                return;
            }

            counter = new Counter();
            if (into.TryAdd(key, counter))
            {
                Interlocked.Increment(ref different);
            }
            else
            {
                counter = into.GetValueOrDefault(key, counter);
            }
        }

        Interlocked.Increment(ref counter.Count);
    }

    /// <summary>The visits of the last 30 days that are written down.</summary>
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

    /// <summary>Writes down what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // A request that still counts into the old dictionary may be lost.
        var batch = Interlocked.Exchange(ref counts, new ConcurrentDictionary<Key, Counter>());
        Volatile.Write(ref different, 0);
        if (batch.IsEmpty)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var (key, counter) in batch)
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
        var excess = await db.Visits.CountAsync(cancellationToken) - Kept;
        if (excess > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"""DELETE FROM "visits" WHERE rowid IN (SELECT rowid FROM "visits" ORDER BY "Hour" LIMIT {excess})""", cancellationToken);
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
            // Also while the hub stops: SQLite's own patience of 5 s ends it.
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

    private sealed class Counter
    {
        public long Count;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Visits cannot be written down; those of this minute are lost.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
