using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;

namespace StreamHub.Server.Configuration;

/// <summary>Puts what is stored in force. Loads follow one another, so an older one never replaces a newer one.</summary>
internal sealed class ConfigurationLoader(
    IDbContextFactory<HubDbContext> contexts, ConfigurationReader reader, ConfigurationStore store) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // Users and apps of the same moment. At this level SQLite begins a deferred transaction, which locks no writer out.
            await using var moment = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, cancellationToken);
            store.Swap(await reader.ReadAsync(db, cancellationToken));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Puts in force what was just committed, whether or not the one who asked still waits. It is done even where it cannot be read now:
    /// <see cref="ConfigurationReloader"/> meets the same fault, says so and reads again.
    /// </summary>
    public async Task ReloadCommittedAsync()
    {
        try
        {
            await ReloadAsync(CancellationToken.None);
        }
        catch (DbException)
        {
            // Told by whoever reads again.
        }
    }

    public void Dispose() => turn.Dispose();
}
