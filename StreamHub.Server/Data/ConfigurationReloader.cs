using System.Globalization;
using Microsoft.Data.Sqlite;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Data;

/// <summary>
/// Notices commits of other connections, those of other processes among them: SQLite counts them for each connection
/// (https://sqlite.org/pragma.html#pragma_data_version). While loading fails the last good configuration stays in force.
/// </summary>
internal sealed partial class ConfigurationReloader(
    HubSettings settings, ConfigurationLoader loader, TimeProvider timeProvider, ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private SqliteConnection? connection;
    private long? loaded;
    private bool failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
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

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = Version();
            if (version != loaded)
            {
                await loader.ReloadAsync(cancellationToken);
                loaded = version;
            }

            failing = false;
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
    }
}
