namespace StreamHub.Server.Data;

/// <summary>SQLite's own check of the database found something.</summary>
internal sealed class DatabaseDamagedException(string message) : Exception(message);
