namespace StreamHub.Server.Runs;

/// <summary>Every port of the range is in use.</summary>
internal sealed class PortsExhaustedException(string message) : Exception(message);
