using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;

namespace StreamHub.Server.Configuration;

/// <summary>Puts what is stored in force. Loads follow one another, so an older one never replaces a newer one.</summary>
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
            // Users and apps of the same moment. At this level SQLite begins a deferred transaction, which locks no writer out.
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
    /// Puts in force what was just committed, whether or not the one who asked still waits; a command that loaded nothing has nothing in
    /// force. It is done even where it cannot be read now: <see cref="ConfigurationReloader"/> meets the same fault, says so and reads again.
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
            // Told by whoever reads again.
        }
    }

    public void Dispose() => turn.Dispose();
}
