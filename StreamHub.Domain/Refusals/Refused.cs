using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Refusals;

/// <summary>A refused request.</summary>
/// <param name="Kind">Client address, reason and target; refusals of one kind are counted together.</param>
/// <param name="User">The owner of the address; null for none.</param>
/// <param name="Detail">The path, or the wrong host or origin, as the client sent it; for an own app, its connection target.</param>
public sealed record Refused(RefusalKind Kind, UserName? User, string Detail);
