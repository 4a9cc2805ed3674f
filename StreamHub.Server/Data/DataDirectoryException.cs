namespace StreamHub.Server.Data;

/// <summary>The data directory cannot be used; the message says why, for the person who starts the hub.</summary>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
