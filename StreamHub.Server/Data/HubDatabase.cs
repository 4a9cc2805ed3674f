using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StreamHub.Server.Data;

/// <summary>Where the database is and how every connection to it is set up.</summary>
internal static class HubDatabase
{
    /// <summary>Older ones can corrupt a database in WAL mode: https://sqlite.org/wal.html#walresetbug.</summary>
    private static readonly Version OldestSqlite = new(3, 51, 3);

    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "hub.db");

    public static void Configure(DbContextOptionsBuilder options, string dataDirectory, DatabaseHealth health)
    {
        var watch = new DatabaseWatch(health);
        options.UseSqlite(ConnectionString(dataDirectory)).AddInterceptors(new ConnectionSetup(FileIn(dataDirectory), health), watch, watch.Commands);
    }

    /// <summary>For a database that exists: one that somebody removed is not to be replaced by an empty one.</summary>
    public static string ConnectionString(string dataDirectory) => Builder(dataDirectory, SqliteOpenMode.ReadWrite).ToString();

    /// <summary>Creates the database where there is none, and lets SQLite check the one that is there.</summary>
    /// <exception cref="DatabaseDamagedException">It found something.</exception>
    /// <exception cref="SqliteException">It could not read it.</exception>
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
            throw new DataDirectoryException($"SQLite {version} was loaded; {OldestSqlite} or newer is needed.");
        }
    }

    private static SqliteConnectionStringBuilder Builder(string dataDirectory, SqliteOpenMode mode) =>
        new() { DataSource = FileIn(dataDirectory), Mode = mode, DefaultTimeout = 5, ForeignKeys = true, Pooling = mode == SqliteOpenMode.ReadWrite };

    /// <summary>
    /// A commit is on the disk before it is reported; a writer waits for another process' writer. Nobody works on a database
    /// that is not there, or not in order.
    /// </summary>
    private sealed class ConnectionSetup(string file, DatabaseHealth health) : DbConnectionInterceptor
    {
        private const int CannotOpen = 14;
        private const string Setup = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";

        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
        {
            // An open connection to a file that was removed goes on as if nothing were, and what it commits is lost.
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

    /// <summary>For <c>dotnet ef</c>, which asks for the model only.</summary>
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
