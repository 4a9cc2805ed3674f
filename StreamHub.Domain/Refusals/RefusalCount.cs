
namespace StreamHub.Domain.Refusals;

/// <summary>A count of refusals of one kind.</summary>
/// <param name="Count">At least 1.</param>
public sealed record RefusalCount(Refused First, long Count, DateTimeOffset Since, DateTimeOffset Until);
