using StreamHub.Domain.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// What everybody goes by who decides about access. While the database cannot be read, whoever the last good policy lets in
/// goes on for <c>StreamHub:LastGoodPolicy</c>; of everybody else it is not known whether they may.
/// </summary>
internal sealed class CurrentPolicy(ConfigurationStore store, DatabaseHealth health, SteadyClock clock)
{
    /// <summary>Decides for an address.</summary>
    /// <returns>Null when it cannot be decided now.</returns>
    public AccessDecision? Decide(ClientAddress address) => Decide(store.Current, address);

    /// <summary>Decides for an address by a configuration that is in force, or was a moment ago.</summary>
    /// <returns>Null when it cannot be decided now.</returns>
    public AccessDecision? Decide(HubConfiguration configuration, ClientAddress address)
    {
        var decision = configuration.Policy.Decide(address, clock.Wall);
        return health.Reading is null || (decision is AccessDecision.Admitted && !health.IsOver) ? decision : null;
    }

    /// <summary>Decides for a bearer token.</summary>
    /// <param name="hash">Its hash; null for what is not one token.</param>
    /// <param name="changes">Whether it is to change something.</param>
    /// <returns>Null when it cannot be decided now.</returns>
    public TokenDecision? Decide(string? hash, bool changes)
    {
        var decision = store.Current.Tokens.Decide(hash, changes, clock.Wall);
        return health.Reading is null || (decision is TokenDecision.Admitted && !health.IsOver) ? decision : null;
    }

    /// <summary>Decides for an address at one of the doors.</summary>
    /// <param name="configuration">By what.</param>
    /// <param name="address">Who asks.</param>
    /// <param name="listener">Where: the admins' is for admins.</param>
    /// <param name="user">Who is let in.</param>
    /// <param name="decision">Why nobody is: <see cref="AccessDecision.Admitted"/> for a user at the admins' door, null when it cannot be decided now.</param>
    public bool LetsIn(HubConfiguration configuration, ClientAddress address, Listener listener, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out User? user, out AccessDecision? decision)
    {
        decision = Decide(configuration, address);
        user = decision is AccessDecision.Admitted { User: var known } && (listener == Listener.Users || known.Role == Role.Admin) ? known : null;
        if (user is null && health.Reading is not null)
        {
            decision = null;
        }

        return user is not null;
    }
}
