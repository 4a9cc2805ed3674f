using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Tokens;

/// <summary>Writes down when, and from where, bearer tokens were used: at most once a minute for each. Nobody waits for it.</summary>
internal sealed partial class TokenUses(IDbContextFactory<HubDbContext> contexts, SteadyClock clock, ILogger<TokenUses> logger) : BackgroundService
{
    /// <summary>How exact the time is.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int Waiting = 1000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);
    private readonly Channel<Use> uses = Channel.CreateBounded<Use>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private bool failing;

    /// <summary>Raised after a use was written down, on the thread that did.</summary>
    internal event Action? Written;

    /// <summary>Notes that a token let somebody in. Never waits.</summary>
    public void Note(ApiToken token, ClientAddress from)
    {
        var now = clock.Wall;
        var last = noted.GetOrAdd(token.Hash, DateTimeOffset.MinValue);

        // Of two at once the one that moves the time on writes.
        if (now - last >= Interval && noted.TryUpdate(token.Hash, now, last))
        {
            uses.Writer.TryWrite(new Use(token.Hash, now, from.ToString()));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var use in uses.Reader.ReadAllAsync(stoppingToken))
            {
                await TryWriteAsync(use);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            while (uses.Reader.TryRead(out var use))
            {
                await TryWriteAsync(use);
            }
        }
    }

    private async Task TryWriteAsync(Use use)
    {
        try
        {
            // Also while the hub stops: SQLite's own patience of 5 s ends it.
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.ApiTokens.Where(row => row.Hash == use.Hash).ExecuteUpdateAsync(
                row => row.SetProperty(it => it.LastUsed, use.At).SetProperty(it => it.LastAddress, use.From), CancellationToken.None);
            failing = false;
            Written?.Invoke();
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

    private sealed record Use(string Hash, DateTimeOffset At, string From);

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "When tokens were used cannot be written down.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
