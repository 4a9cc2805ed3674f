using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Migrations;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>
/// Prepares the database before all other services start: the lock of the data directory, the current schema, the first apps of
/// a new database, and the configuration.
/// </summary>
internal sealed class DatabasePreparation(
    HubSettings settings,
    IDbContextFactory<HubDbContext> contexts,
    ConfigurationLoader loader,
    ConfigurationStore store,
    AuditTrail audit,
    TimeProvider timeProvider,
    IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(100);

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private DataDirectoryLock? held;

    /// <summary>Whether this hub holds the lock of its data directory.</summary>
    public bool HoldsDirectory => held is not null;

    /// <exception cref="DataDirectoryException">The directory is unusable.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The stored configuration contradicts the settings.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        CreateDirectory();
        held = await TakeLockAsync(cancellationToken);
        await MigrateAsync(cancellationToken);
        await SeedAsync(cancellationToken);
        await loader.ReloadAsync(cancellationToken);
        RefuseProxiesWithRights();
    }

    /// <summary>For commands: leaves the schema to a running hub, and the first apps to the first hub.</summary>
    public async Task PrepareForVerbAsync(bool load, CancellationToken cancellationToken)
    {
        CreateDirectory();
        using (var unused = DataDirectoryLock.TryTake(settings.DataDirectory))
        {
            if (unused is not null)
            {
                await MigrateAsync(cancellationToken);
            }
        }

        if (load)
        {
            await loader.ReloadAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => held?.Dispose();

    private void CreateDirectory()
    {
        try
        {
            Directory.CreateDirectory(settings.DataDirectory);
            if (!OperatingSystem.IsWindows())
            {
                if (File.Exists(HubDatabase.FileIn(settings.DataDirectory)) && (File.GetUnixFileMode(settings.DataDirectory) & ~OwnersOnly) is not UnixFileMode.None and var others)
                {
                    throw new DataDirectoryException(
                        $"Other accounts can open the data directory {settings.DataDirectory} ({others}), which holds keys and the audit. Close it (chmod 700; systemd: StateDirectoryMode=0700) and start again.");
                }

                File.SetUnixFileMode(settings.DataDirectory, OwnersOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {settings.DataDirectory} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>All clients behind such a proxy would become that user as soon as it omits the client address.</summary>
    private void RefuseProxiesWithRights()
    {
        string[] failures =
        [
            .. from user in store.Current.Users
               from range in user.Addresses
               where range.IsSingle && settings.KnownProxies.Contains(range.Network)
               select $"{HubOptions.Section}:KnownProxies: '{range}' is also an address of the user {user.Name}. Remove it from one of them (StreamHub.Server apply).",
        ];
        if (failures.Length > 0)
        {
            throw HubSettingsReader.Invalid(failures);
        }
    }

    /// <summary>Retries, because a command may hold the lock for a moment.</summary>
    private async Task<DataDirectoryLock> TakeLockAsync(CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            if (DataDirectoryLock.TryTake(settings.DataDirectory) is { } taken)
            {
                return taken;
            }

            if (timeProvider.GetElapsedTime(start) >= LockPatience)
            {
                throw new DataDirectoryException(
                    $"Another hub uses the data directory {settings.DataDirectory}: stop it, or set StreamHub:DataDirectory to another one.");
            }

            await Task.Delay(LockInterval, timeProvider, cancellationToken);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            HubDatabase.CreateOrCheck(settings.DataDirectory);
            await UpgradeAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is SqliteException or DatabaseDamagedException && DatabaseFault.KindOf(exception) == DatabaseFaultKind.Damaged)
        {
            var file = HubDatabase.FileIn(settings.DataDirectory);
            throw new DataDirectoryException(
                $"The database {file} is damaged ({exception.Message}). Restore the newest intact copy, without {Path.GetFileName(file)}-wal and -shm, and start again.", exception);
        }
    }

    private async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        HubDatabase.RequireSqlite(db.Database.GetDbConnection().ServerVersion);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);

        // A hub that was killed during a migration leaves its row, and EF would wait for it forever. This process holds the
        // directory's lock, so that no migration is running.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);

        var applied = await db.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.Any() && !applied.Contains(Baseline.Id))
        {
            throw new DataDirectoryException($"The data directory {settings.DataDirectory} is of a version before 1 December 2026. Start the last version of that day on it once, then this one.");
        }

        // Migrate always compares the whole model with the last migration first, even without pending migrations.
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            await db.Database.MigrateAsync(cancellationToken);
        }

        await audit.SealAsync(db, cancellationToken);
    }

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Facts.AnyAsync(fact => fact.Key == HubFactRow.HubId, cancellationToken))
        {
            return;
        }

        db.Facts.Add(new HubFactRow { Key = HubFactRow.HubId, Value = Guid.NewGuid().ToString("N") });
        if (!await db.Apps.AnyAsync(cancellationToken))
        {
            var more = services.GetService<FirstApps>() is { } first ? await first(cancellationToken) : [];
            App[] apps = [new(AppSlug.Parse("demo"), "Demo", new AppRuntime.Demo()), .. more];
            foreach (var app in apps.DistinctBy(app => app.Slug))
            {
                await StoredEntries.WriteAsync(db, app.Slug, app, cancellationToken);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
