namespace StreamHub.Server.Runtimes;

/// <summary>An option of a start.</summary>
/// <param name="Value">Null when it is not the hub's to show.</param>
/// <param name="File">The file that sets it; null for another source.</param>
internal sealed record StartOption(string Name, string? Value, StartSource Source, string? File = null);
