using Microsoft.EntityFrameworkCore;

namespace StreamHub.Server.Data;

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

    public void Dispose() => turn.Dispose();
}
