namespace StreamHub.Server.Admin;

/// <summary>A part of an app's history.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Before">Where the next older part begins; null when there is none.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryEntry> Entries, long? Before);
