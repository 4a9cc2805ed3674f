using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>The number of visits of an address to one app or listener within an hour.</summary>
/// <param name="App">Null for the hub's own pages.</param>
/// <param name="IsAdmin">Whether the visits were to the admin listener.</param>
/// <param name="Hour">The start of the hour, UTC.</param>
/// <param name="Count">At least 1.</param>
public sealed record Visit(ClientAddress Address, AppSlug? App, bool IsAdmin, DateTimeOffset Hour, long Count);
