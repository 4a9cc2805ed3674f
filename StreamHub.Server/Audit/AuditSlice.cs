namespace StreamHub.Server.Audit;

/// <summary>A page of the audit.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Older">The older page holds the entries below this number; null on the last page.</param>
/// <param name="Newer">The newer page holds the entries above this number; null on the first page.</param>
internal sealed record AuditSlice(IReadOnlyList<AuditEntry> Entries, long? Older, long? Newer);
