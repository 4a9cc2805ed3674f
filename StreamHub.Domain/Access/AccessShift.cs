using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>What a draft would change for the visits of one address to one thing.</summary>
/// <param name="User">Who gains by the draft, or who loses.</param>
/// <param name="App">The app; null for the hub's own pages.</param>
/// <param name="IsAdmin">Whether the admin listener was visited.</param>
/// <param name="Visits">How many visits it is about.</param>
public sealed record AccessShift(ClientAddress Address, UserName User, AppSlug? App, bool IsAdmin, long Visits);
