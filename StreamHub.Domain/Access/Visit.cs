using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>How often an address came for the same thing within an hour.</summary>
/// <param name="App">For which app; null for the hub's own pages.</param>
/// <param name="IsAdmin">Whether it came to the admin listener.</param>
/// <param name="Hour">The begin of the hour, UTC.</param>
/// <param name="Count">How often, 1 or more.</param>
public sealed record Visit(ClientAddress Address, AppSlug? App, bool IsAdmin, DateTimeOffset Hour, long Count);
