namespace StreamHub.Server.Data;

/// <summary>SQLite's check of the database found damage.</summary>
internal sealed class DatabaseDamagedException(string message) : Exception(message);
