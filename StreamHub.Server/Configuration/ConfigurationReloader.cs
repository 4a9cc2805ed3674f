using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using StreamHub.Server.Data;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Configuration;

/// <summary>
/// Detects commits of other connections and processes: SQLite counts them for each connection (https://sqlite.org/pragma.html#pragma_data_version).
/// A write to the write-ahead log triggers a check at once; where the file system reports no changes, a check runs four times a second. Also
/// detects a replaced or damaged database file and reports it to <see cref="DatabaseHealth"/>. The last good configuration stays current.
/// </summary>
internal sealed partial class ConfigurationReloader(
    HubSettings settings, ConfigurationLoader loader, DatabaseHealth health, TimeProvider timeProvider, ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // data_version counts a commit only after its write was flushed to the disk: nearly always within some milliseconds.
    private static readonly TimeSpan Closely = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LessClosely = TimeSpan.FromMilliseconds(4);
    private const int CloseLooks = 10;
    private const int Looks = 35;

    /// <summary>Checks of the file use at most one tenth of the time.</summary>
    private const int CheckShare = 10;

    private readonly string file = HubDatabase.FileIn(settings.DataDirectory);
    private SqliteConnection? connection;
    private long? loaded;
    private DatabaseFile.Mark? known;
    private long checkedAt;
    private TimeSpan checkTook;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var written = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(() => written.Writer.TryWrite(true));
        await using var timer = timeProvider.CreateTimer(_ => written.Writer.TryWrite(false), null, TimeSpan.Zero, Interval);
        try
        {
            await foreach (var isWrite in written.Reader.ReadAllAsync(stoppingToken))
            {
                for (var look = 0; !await LookAsync(stoppingToken) && isWrite && look < Looks; look++)
                {
                    await Task.Delay(look < CloseLooks ? Closely : LessClosely, timeProvider, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub is stopping.
        }
        finally
        {
            if (health.Reading is not null)
            {
                DatabaseFile.Leave(connection);
            }

            connection?.Dispose();
        }
    }

    private FileSystemWatcher? Watch(Action onWrite)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "-wal");
            watcher.Changed += (_, _) => onWrite();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            // A network share, or no inotify watches left: the check runs four times a second.
            Log.NotWatched(logger, exception);
            return null;
        }
    }

    /// <returns>Whether a new configuration was loaded.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            Check();
            connection ??= Open();
            var version = Version(connection);
            var isNew = version != loaded;
            if (isNew)
            {
                await loader.ReloadAsync(cancellationToken);
                loaded = version;
            }

            health.ReadWorked();
            if (health.Writing is not null)
            {
                TryToWrite();
            }

            return isNew;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Forces a new check of the file.
            known = null;
            health.ReadFailed(exception);
            return false;
        }
    }

    /// <summary>Lets SQLite check a changed file, and replaces all connections: their caches belong to the old file.</summary>
    private void Check()
    {
        SqliteConnection? fresh = null;
        try
        {
            var mark = DatabaseFile.Look(file);
            var begin = timeProvider.GetTimestamp();
            if ((mark == known && !health.IsSuspect) || (health.IsSound && timeProvider.GetElapsedTime(checkedAt, begin) < CheckShare * checkTook))
            {
                return;
            }

            health.IsSuspect = false;
            fresh = Open();
            DatabaseFile.Check(fresh);
            SqliteConnection.ClearPool(new SqliteConnection(HubDatabase.ConnectionString(settings.DataDirectory)));
            connection?.Dispose();
            (connection, loaded, known, health.IsSound) = (fresh, null, mark, true);
            (checkedAt, checkTook) = (timeProvider.GetTimestamp(), timeProvider.GetElapsedTime(begin));
        }
        catch
        {
            // Keeps the old connection open: closing the last one would write the write-ahead log into a file that may be another database.
            health.IsSound = false;
            DatabaseFile.Leave(fresh);
            throw;
        }
    }

    // Unpooled: data_version belongs to this connection.
    private SqliteConnection Open()
    {
        var opened = new SqliteConnection(HubDatabase.ConnectionString(settings.DataDirectory) + ";Pooling=False");
        opened.Open();
        return opened;
    }

    private static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Tests with a write as large as a large change whether the database is writable again: the next real write may be a long time off.
    /// </summary>
    private void TryToWrite()
    {
        try
        {
            using var command = connection!.CreateCommand();
            command.CommandTimeout = 1;
            command.CommandText = """
                INSERT OR REPLACE INTO "hub_facts" ("Key", "Value") VALUES ('room', hex(zeroblob(65536)));
                DELETE FROM "hub_facts" WHERE "Key" = 'room';
                """;
            command.ExecuteNonQuery();
            health.WriteWorked();
        }
        catch (SqliteException exception)
        {
            health.WriteFailed(exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1506, LogLevel.Warning, "The database directory cannot be watched; changes by the command line take effect within 250 ms.")]
        public static partial void NotWatched(ILogger logger, Exception exception);
    }
}
