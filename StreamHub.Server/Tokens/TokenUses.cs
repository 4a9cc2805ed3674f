using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Data;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Tokens;

/// <summary>Records the time and address of the last use of bearer tokens in the background, at most once a minute for each.</summary>
internal sealed partial class TokenUses(IDbContextFactory<HubDbContext> contexts, SteadyClock clock, ILogger<TokenUses> logger) : BackgroundService
{
    /// <summary>The precision of the recorded time.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int Waiting = 1000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);
    private readonly Channel<Use> uses = Channel.CreateBounded<Use>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private bool failing;

    /// <summary>Raised on the writing thread after a use was stored.</summary>
    internal event Action? Written;

    /// <summary>Records a successful use without waiting.</summary>
    public void Note(ApiToken token, ClientAddress from)
    {
        var now = clock.Wall;
        var last = noted.GetOrAdd(token.Hash, DateTimeOffset.MinValue);

        // Of two concurrent uses, only the one that updates the time is stored.
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
            // Also while the hub stops; SQLite's busy timeout of 5 s limits it.
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
        [LoggerMessage(2001, LogLevel.Warning, "The last uses of bearer tokens cannot be stored.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
