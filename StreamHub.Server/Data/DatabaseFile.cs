using Microsoft.Data.Sqlite;

namespace StreamHub.Server.Data;

/// <summary>Checks on the database file itself.</summary>
internal static class DatabaseFile
{
    /// <summary>Identifies a version of the file; a replacement changes it, too. SQLite itself writes the file at checkpoints only.</summary>
    public readonly record struct Mark(long Length, DateTime Written);

    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DatabaseDamagedException">The file is empty: SQLite would treat it as new and delete the log of the old one.</exception>
    public static Mark Look(string file) => new FileInfo(file) switch
    {
        { Exists: false } => throw Missing(file),
        { Length: 0 } => throw new DatabaseDamagedException($"The database {file} is empty."),
        var found => new Mark(found.Length, found.LastWriteTimeUtc),
    };

    public static FileNotFoundException Missing(string file) => new($"The database {file} is missing.", file);

    /// <summary>Reads the whole file through a new connection without cached pages, and lets SQLite check it.</summary>
    /// <exception cref="DatabaseDamagedException">The check found damage.</exception>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
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
    /// Closes a connection without a checkpoint. SQLite's close of the last connection would write the log into the database and delete it; the
    /// file may be another database than the log's.
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
