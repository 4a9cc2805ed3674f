namespace StreamHub.Server.History;

/// <summary>A part of an app's history.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Before">Where the next older part begins; null when there is none.</param>
internal sealed record HistorySlice(IReadOnlyList<HistoryEntry> Entries, long? Before);
