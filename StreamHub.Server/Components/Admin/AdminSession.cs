using StreamHub.Domain.Access;
using StreamHub.Server.Admin;

namespace StreamHub.Server.Components.Admin;

/// <summary>Who sits at a circuit. A circuit outlives its request, so the right to act is asked for again each time.</summary>
/// <param name="actions">Decides.</param>
/// <param name="actor">The visitor that the gate let in.</param>
/// <param name="address">The visitor's address.</param>
public sealed class AdminSession(AdminActions actions, Actor actor, ClientAddress address)
{
    /// <summary>Who acts.</summary>
    public Actor Actor => actor;

    /// <summary>Whether the visitor is still the same admin.</summary>
    public bool IsAllowed =>
        actions.Explain(address) is AccessDecision.Admitted { User: { Role: Role.Admin } user }
        && string.Equals(user.Name.ToString(), actor.Name, StringComparison.Ordinal);
}
