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

    public static void Configure(DbContextOptionsBuilder options, string dataDirectory) =>
        options.UseSqlite(ConnectionString(dataDirectory)).AddInterceptors(new ConnectionSetup());

    public static string ConnectionString(string dataDirectory) =>
        new SqliteConnectionStringBuilder { DataSource = FileIn(dataDirectory), DefaultTimeout = 5, ForeignKeys = true }.ToString();

    /// <exception cref="DataDirectoryException">The native SQLite is too old.</exception>
    public static void RequireSqlite(string version)
    {
        if (!Version.TryParse(version, out var actual) || actual < OldestSqlite)
        {
            throw new DataDirectoryException($"SQLite {version} was loaded; {OldestSqlite} or newer is needed.");
        }
    }

    /// <summary>A commit is on the disk before it is reported; a writer waits for another process' writer.</summary>
    private sealed class ConnectionSetup : DbConnectionInterceptor
    {
        private const string Setup = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";

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
            Configure(options, Path.GetTempPath());
            return new HubDbContext(options.Options);
        }
    }
}
