namespace StreamHub.Server.History;

/// <summary>A page of an app's history.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Before">The position of the next older page; null for none.</param>
internal sealed record HistorySlice(IReadOnlyList<HistoryEntry> Entries, long? Before);
