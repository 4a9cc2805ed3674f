using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;

namespace StreamHub.Server.Configuration;

/// <summary>Makes the stored configuration the current one. Loads are serialised, so that an older state never replaces a newer one.</summary>
internal sealed class ConfigurationLoader(
    IDbContextFactory<HubDbContext> contexts, StoredEntries entries, ConfigurationStore store) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private volatile bool isLoaded;

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            // A consistent state of users and apps. At this level SQLite begins a deferred transaction, which blocks no writer.
            await using var moment = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, cancellationToken);
            store.Swap(await entries.ReadAsync(db, cancellationToken));
            isLoaded = true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Makes the committed configuration current, even after the request was cancelled; does nothing in a command that loaded no configuration. A
    /// read failure is ignored here: <see cref="ConfigurationReloader"/> meets the same fault, reports it and retries.
    /// </summary>
    public async Task ReloadCommittedAsync()
    {
        try
        {
            if (isLoaded)
            {
                await ReloadAsync(CancellationToken.None);
            }
        }
        catch (DbException)
        {
            // Reported by the reloader.
        }
    }

    public void Dispose() => turn.Dispose();
}
