using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>An access change of the draft for the visits of one address to one app or listener.</summary>
/// <param name="App">The app; null for the hub's own pages.</param>
/// <param name="IsAdmin">Whether the visits were to the admin listener.</param>
public sealed record AccessShift(ClientAddress Address, UserName User, AppSlug? App, bool IsAdmin, long Visits);
