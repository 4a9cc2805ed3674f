using Microsoft.Data.Sqlite;

namespace StreamHub.Server.Data;

/// <summary>The database's file, looked at from outside.</summary>
internal static class DatabaseFile
{
    /// <summary>Changes with the file, also when it is replaced: SQLite itself writes it at checkpoints only.</summary>
    /// <param name="Length">Bytes.</param>
    public readonly record struct Mark(long Length, DateTime Written);

    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="DatabaseDamagedException">It is empty: SQLite would take that for a new database, and delete the log that is of the old one.</exception>
    public static Mark Look(string file) => new FileInfo(file) switch
    {
        { Exists: false } => throw Missing(file),
        { Length: 0 } => throw new DatabaseDamagedException($"The database {file} is empty."),
        var found => new Mark(found.Length, found.LastWriteTimeUtc),
    };

    /// <summary>Says that it is not there.</summary>
    public static FileNotFoundException Missing(string file) => new($"The database {file} is missing.", file);

    /// <summary>Reads the whole file anew, with nothing remembered, and lets SQLite check it.</summary>
    /// <exception cref="DatabaseDamagedException">It found something.</exception>
    /// <exception cref="SqliteException">It could not read on.</exception>
    public static void Check(SqliteConnection fresh)
    {
        using var command = fresh.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok" and var said)
        {
            throw new DatabaseDamagedException($"{said}".ReplaceLineEndings(" "));
        }
    }

    /// <summary>
    /// Closes a connection that may be the last one without what SQLite does then: to write its log into the database and to
    /// delete it. The database may not be the one that the log is of.
    /// </summary>
    public static void Leave(SqliteConnection? connection)
    {
        if (connection?.Handle is { } handle)
        {
            SQLitePCL.raw.sqlite3_db_config(handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        }

        connection?.Dispose();
    }
}
