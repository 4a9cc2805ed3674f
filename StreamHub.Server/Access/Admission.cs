using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>The access decision for an address on a listener.</summary>
/// <param name="User">The admitted user; null when none is admitted.</param>
/// <param name="Decision">
/// The decision of the policy: <see cref="AccessDecision.Admitted"/> without a <paramref name="User"/> for a plain user on the admin listener;
/// null while no decision is available.
/// </param>
/// <param name="Owner">The user that the address belongs to, admitted or not.</param>
internal readonly record struct Admission(User? User, AccessDecision? Decision, UserName? Owner);
