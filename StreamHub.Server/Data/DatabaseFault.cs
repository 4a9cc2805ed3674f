using Microsoft.Data.Sqlite;

namespace StreamHub.Server.Data;

/// <param name="Since">When it was detected, by the steady clock.</param>
/// <param name="Detail">SQLite's message, in English.</param>
internal sealed record DatabaseFault(DatabaseFaultKind Kind, DateTimeOffset Since, string Detail)
{
    /// <summary>Classifies SQLite's result codes: https://sqlite.org/rescode.html.</summary>
    internal static DatabaseFaultKind KindOf(Exception exception) => exception switch
    {
        DatabaseDamagedException => DatabaseFaultKind.Damaged,
        FileNotFoundException => DatabaseFaultKind.Missing,
        SqliteException { SqliteErrorCode: 5 or 6 or 15 } => DatabaseFaultKind.Locked,
        SqliteException { SqliteErrorCode: 8 } => DatabaseFaultKind.ReadOnly,
        SqliteException { SqliteErrorCode: 11 or 26 } => DatabaseFaultKind.Damaged,
        SqliteException { SqliteErrorCode: 13 } => DatabaseFaultKind.Full,
        _ => DatabaseFaultKind.Failing,
    };
}
