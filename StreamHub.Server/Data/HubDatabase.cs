using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StreamHub.Server.Data;

/// <summary>The path of the database and the setup of every connection.</summary>
internal static class HubDatabase
{
    /// <summary>Older versions can corrupt a database in WAL mode: https://sqlite.org/wal.html#walresetbug.</summary>
    private static readonly Version OldestSqlite = new(3, 51, 3);

    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "hub.db");

    public static void Configure(DbContextOptionsBuilder options, string dataDirectory, DatabaseHealth health)
    {
        var watch = new DatabaseWatch(health);
        options.UseSqlite(ConnectionString(dataDirectory)).AddInterceptors(new ConnectionSetup(FileIn(dataDirectory), health), watch, watch.Commands);
    }

    /// <summary>For an existing database: a removed one must not be replaced by an empty one.</summary>
    public static string ConnectionString(string dataDirectory) => Builder(dataDirectory, SqliteOpenMode.ReadWrite).ToString();

    /// <summary>Creates the database, or lets SQLite check an existing one.</summary>
    /// <exception cref="DatabaseDamagedException">The check found damage.</exception>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static void CreateOrCheck(string dataDirectory)
    {
        using var connection = new SqliteConnection(Builder(dataDirectory, SqliteOpenMode.ReadWriteCreate).ToString());
        connection.Open();
        try
        {
            DatabaseFile.Check(connection);
        }
        catch
        {
            DatabaseFile.Leave(connection);
            throw;
        }
    }

    /// <exception cref="DataDirectoryException">The native SQLite is too old.</exception>
    public static void RequireSqlite(string version)
    {
        if (!Version.TryParse(version, out var actual) || actual < OldestSqlite)
        {
            throw new DataDirectoryException($"SQLite {version} was loaded; {OldestSqlite} or newer is required.");
        }
    }

    private static SqliteConnectionStringBuilder Builder(string dataDirectory, SqliteOpenMode mode) =>
        new() { DataSource = FileIn(dataDirectory), Mode = mode, DefaultTimeout = 5, ForeignKeys = true, Pooling = mode == SqliteOpenMode.ReadWrite };

    /// <summary>
    /// Sets connections up: a commit is reported after it was flushed to the disk, and a writer waits for the writer of another process. A missing
    /// or damaged database accepts no connections.
    /// </summary>
    private sealed class ConnectionSetup(string file, DatabaseHealth health) : DbConnectionInterceptor
    {
        private const int CannotOpen = 14;
        private const string Setup = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";

        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
        {
            // SQLite continues with the open handle of a removed file, and its commits would be lost.
            if (!File.Exists(file))
            {
                throw new SqliteException(DatabaseFile.Missing(file).Message, CannotOpen);
            }

            return health.IsSound ? result : throw new SqliteException($"The database cannot be used: {health.Reading?.Detail}", CannotOpen);
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(ConnectionOpening(connection, eventData, result));

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Setup;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Setup;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>For <c>dotnet ef</c>, which needs the model only.</summary>
    private sealed class DesignTime : IDesignTimeDbContextFactory<HubDbContext>
    {
        public HubDbContext CreateDbContext(string[] args)
        {
            var options = new DbContextOptionsBuilder<HubDbContext>();
            options.UseSqlite(ConnectionString(Path.GetTempPath()));
            return new HubDbContext(options.Options);
        }
    }
}
