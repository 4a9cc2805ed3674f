namespace StreamHub.Server.Audit;

/// <summary>A part of the audit.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Older">The number below which the next older part begins; null when there is none.</param>
/// <param name="Newer">The number above which the next newer part begins; null on the newest part.</param>
internal sealed record AuditSlice(IReadOnlyList<AuditEntry> Entries, long? Older, long? Newer);
