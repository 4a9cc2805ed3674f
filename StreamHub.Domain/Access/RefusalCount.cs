namespace StreamHub.Domain.Access;

/// <summary>Refusals of one kind, counted.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many; at least 1.</param>
/// <param name="Since">When the counting began.</param>
/// <param name="Until">When it ended.</param>
public sealed record RefusalCount(Refused First, long Count, DateTimeOffset Since, DateTimeOffset Until);
