using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Platform;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.History;

/// <summary>
/// Stores every change of an instance's state, in the background, so that the supervisor never waits for it. While the database
/// is unavailable, up to <see cref="Waiting"/> changes are queued; further ones are dropped and logged.
/// </summary>
internal sealed partial class HistoryWriter : BackgroundService
{
    /// <summary>Maximum queued changes.</summary>
    internal const int Waiting = 1_000;

    /// <summary>Rows per app.</summary>
    internal const int Kept = 10_000;

    /// <summary>Retention time of rows.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    private const int LargestBatch = 500;
    private const int MaxTextLength = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly Channel<Transition> waiting = Channel.CreateBounded<Transition>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly IDbContextFactory<HubDbContext> contexts;
    private readonly SteadyClock clock;
    private readonly ILogger<HistoryWriter> logger;
    private DateTimeOffset pruned;
    private long lost;
    private bool failing;

    public HistoryWriter(Supervisor supervisor, IDbContextFactory<HubDbContext> contexts, SteadyClock clock, ILogger<HistoryWriter> logger)
    {
        this.contexts = contexts;
        this.clock = clock;
        this.logger = logger;
        supervisor.Moved += Add;
    }

    /// <summary>Raised after rows were written, on the writer's thread.</summary>
    public event Action? Written;

    /// <summary>Completes after one last attempt to write the queued changes.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<HistoryRow>();
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < LargestBatch && waiting.Reader.TryRead(out var transition))
            {
                batch.Add(Row(transition));
            }

            while (!await TryWriteAsync(batch) && !stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, clock.TimeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            batch.Clear();
        }
    }

    private void Add(Transition transition)
    {
        if (!waiting.Writer.TryWrite(transition))
        {
            Interlocked.Increment(ref lost);
        }
    }

    private async Task<bool> TryWriteAsync(List<HistoryRow> batch)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.History.AddRange(batch);
            await db.SaveChangesAsync();
            var isDue = clock.Now - pruned >= PruneInterval;
            if (isDue)
            {
                await PruneAsync(db, clock.Wall);
            }

            await transaction.CommitAsync();
            pruned = isDue ? clock.Now : pruned;
        }
        catch (Exception exception)
        {
            // These numbers were assigned in a transaction that was rolled back.
            batch.ForEach(row => row.Sequence = 0);
            if (!failing)
            {
                Log.Failed(logger, exception);
            }

            failing = true;
            return false;
        }

        failing = false;
        if (Interlocked.Exchange(ref lost, 0) is > 0 and var missing)
        {
            Log.Lost(logger, missing);
        }

        Written?.Invoke();
        return true;
    }

    /// <summary>Deletes rows older than <see cref="Memory"/>, and each app's oldest rows beyond <see cref="Kept"/>.</summary>
    internal static async Task PruneAsync(HubDbContext db, DateTimeOffset now)
    {
        var oldest = now - Memory;
        await db.History.Where(row => row.At < oldest).ExecuteDeleteAsync();
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM "history" WHERE "Sequence" IN (
                SELECT "Sequence" FROM (SELECT "Sequence", ROW_NUMBER() OVER (PARTITION BY "App" ORDER BY "Sequence" DESC) AS "Rank" FROM "history")
                WHERE "Rank" > {Kept})
            """);
    }

    private static HistoryRow Row(Transition transition) => new()
    {
        At = transition.At,
        App = transition.Instance.App.ToString(),
        User = transition.Instance.User?.ToString(),
        Run = transition.Run?.Value,
        From = transition.From.ToString(),
        To = transition.To.ToString(),
        Cause = transition.Cause.ToString(),
        By = transition.By,
        Reason = transition.Reason,
        Detail = transition.Detail is { Length: > MaxTextLength } detail ? detail[..MaxTextLength] : transition.Detail,
    };

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Warning, "The history of the apps cannot be written at the moment; retrying each second.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(1402, LogLevel.Error, "{Count} changes are missing in the history of the apps: the database was unavailable for too long.")]
        public static partial void Lost(ILogger logger, long count);
    }
}
