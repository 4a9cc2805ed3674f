namespace StreamHub.Server.Data;

/// <summary>The data directory cannot be used; the message is for the operator.</summary>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
