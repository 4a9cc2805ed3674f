using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Data;

/// <summary>
/// Notices commits of other connections, those of other processes among them: SQLite counts them for each connection
/// (https://sqlite.org/pragma.html#pragma_data_version). A write to SQLite's log makes it look at once; where the file
/// system tells of none, it looks four times a second. While loading fails the last good configuration stays in force.
/// </summary>
internal sealed partial class ConfigurationReloader(
    HubSettings settings, ConfigurationLoader loader, TimeProvider timeProvider, ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // A commit counts only after its write has been flushed to the disk.
    private static readonly TimeSpan Closely = TimeSpan.FromMilliseconds(4);
    private const int Looks = 25;

    private SqliteConnection? connection;
    private long? loaded;
    private bool failing;

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
                    await Task.Delay(Closely, timeProvider, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub stops.
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private FileSystemWatcher? Watch(Action onWrite)
    {
        var database = HubDatabase.FileIn(settings.DataDirectory);
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(database)!, Path.GetFileName(database) + "-wal");
            watcher.Changed += (_, _) => onWrite();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            // A share, or no watches left: then it is four times a second.
            Log.NotWatched(logger, exception);
            return null;
        }
    }

    /// <returns>Whether something was new.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = Version();
            var isNew = version != loaded;
            if (isNew)
            {
                await loader.ReloadAsync(cancellationToken);
                loaded = version;
            }

            failing = false;
            return isNew;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!failing)
            {
                Log.Failed(logger, exception);
            }

            // A new connection counts from the start, so the next look loads again.
            failing = true;
            loaded = null;
            connection?.Dispose();
            connection = null;
            return false;
        }
    }

    private long Version()
    {
        if (connection is null)
        {
            // Unpooled: the count belongs to this very connection.
            connection = new SqliteConnection(HubDatabase.ConnectionString(settings.DataDirectory) + ";Pooling=False");
            connection.Open();
        }

        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The configuration cannot be loaded; the last good one stays in force.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "Writes to the database cannot be watched; changes by the command line take up to a quarter of a second.")]
        public static partial void NotWatched(ILogger logger, Exception exception);
    }
}
