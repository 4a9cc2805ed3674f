namespace StreamHub.Domain.Supervision;

/// <summary>Where an instance stands in the queue.</summary>
/// <param name="Position">From 1, which is next.</param>
/// <param name="Limit">What the queue waits for.</param>
/// <param name="Expected">When it is probably started if people do as they did; null when that cannot be told.</param>
public sealed record QueuePlace(int Position, CapacityLimit Limit, DateTimeOffset? Expected);
