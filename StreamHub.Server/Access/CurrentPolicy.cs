using StreamHub.Domain.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The policy by which access is decided now. While the database cannot be read, the clients that the last good policy admits
/// stay admitted for <c>StreamHub:LastGoodPolicy</c>; about all others nothing is known.
/// </summary>
internal sealed class CurrentPolicy(ConfigurationStore store, DatabaseHealth health, SteadyClock clock)
{
    /// <summary>Decides for an address.</summary>
    /// <returns>Null when it cannot be decided now.</returns>
    public AccessDecision? Decide(ClientAddress address) => Decide(store.Current, address);

    /// <summary>Decides for an address by a configuration that is in force, or was a moment ago.</summary>
    /// <returns>Null when it cannot be decided now.</returns>
    public AccessDecision? Decide(HubConfiguration configuration, ClientAddress address) => InForce(configuration.Policy.Decide(address, clock.Wall));

    /// <summary>Decides for a bearer token.</summary>
    /// <param name="hash">Its hash; null for what is not one token.</param>
    /// <param name="changes">Whether it is to change something.</param>
    public TokenDecision Decide(HubConfiguration configuration, string? hash, bool changes)
    {
        var decision = configuration.Tokens.Decide(hash, changes, clock.Wall);
        return health.Reading is null || (decision is TokenDecision.Admitted && !health.IsOver) ? decision : TokenDecision.Undecided.Instance;
    }

    /// <summary>Decides for an address on a listener: the admin listener admits admins only.</summary>
    public Admission Admit(HubConfiguration configuration, ClientAddress address, Listener listener)
    {
        var said = configuration.Policy.Decide(address, clock.Wall);
        var user = InForce(said) is AccessDecision.Admitted { User: var known } && (listener == Listener.Users || known.Role == Role.Admin) ? known : null;
        return new Admission(user, user is null && health.Reading is not null ? null : said, said.Claim?.User.Name);
    }

    private AccessDecision? InForce(AccessDecision decision) =>
        health.Reading is null || (decision is AccessDecision.Admitted && !health.IsOver) ? decision : null;
}
