using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>Whether an address is admitted on a listener.</summary>
/// <param name="User">The admitted user; null for nobody.</param>
/// <param name="Decision">
/// What the policy says: <see cref="AccessDecision.Admitted"/> without a <paramref name="User"/> for a user on the admin listener, null while
/// it cannot be known.
/// </param>
/// <param name="Owner">The user whose address it is, admitted or not.</param>
internal readonly record struct Admission(User? User, AccessDecision? Decision, UserName? Owner);
