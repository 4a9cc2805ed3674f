namespace StreamHub.Domain.Access;

/// <summary>Refusals of one kind, counted.</summary>
/// <param name="Count">How many; at least 1.</param>
public sealed record RefusalCount(Refused First, long Count, DateTimeOffset Since, DateTimeOffset Until);
