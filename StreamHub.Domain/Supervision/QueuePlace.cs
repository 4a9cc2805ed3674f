namespace StreamHub.Domain.Supervision;

/// <summary>An instance's place in the queue.</summary>
/// <param name="Position">From 1, which is next.</param>
/// <param name="Limit">The missing resource.</param>
/// <param name="Expected">The expected start if users stay as active as before; null when unknown.</param>
public sealed record QueuePlace(int Position, CapacityLimit Limit, DateTimeOffset? Expected);
