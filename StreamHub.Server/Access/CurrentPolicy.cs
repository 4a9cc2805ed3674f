using StreamHub.Domain.Access;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The current access policy. While the database cannot be read, clients that the last good policy admits keep access for
/// <c>StreamHub:LastGoodPolicy</c>; all other decisions are unavailable.
/// </summary>
internal sealed class CurrentPolicy(ConfigurationStore store, DatabaseHealth health, SteadyClock clock)
{
    /// <summary>Decides for an address; null while no decision is available.</summary>
    public AccessDecision? Decide(ClientAddress address) => Decide(store.Current, address);

    /// <summary>
    /// Decides for an address by the current configuration or one that was current a moment ago; null while no decision is available.
    /// </summary>
    public AccessDecision? Decide(HubConfiguration configuration, ClientAddress address) => InForce(configuration.Policy.Decide(address, clock.Wall));

    /// <summary>Decides for a bearer token.</summary>
    /// <param name="hash">The hash of the token; null for an invalid token.</param>
    /// <param name="changes">Whether the request changes something.</param>
    public TokenDecision Decide(HubConfiguration configuration, string? hash, bool changes)
    {
        var decision = configuration.Tokens.Decide(hash, changes, clock.Wall);
        return health.Reading is null || (decision is TokenDecision.Admitted && !health.IsOver) ? decision : TokenDecision.Undecided.Instance;
    }

    /// <summary>Decides for an address on a listener; the admin listener admits admins only.</summary>
    public Admission Admit(HubConfiguration configuration, ClientAddress address, Listener listener)
    {
        var said = configuration.Policy.Decide(address, clock.Wall);
        var user = InForce(said) is AccessDecision.Admitted { User: var known } && (listener == Listener.Users || known.Role == Role.Admin) ? known : null;
        return new Admission(user, user is null && health.Reading is not null ? null : said, said.Claim?.User.Name);
    }

    private AccessDecision? InForce(AccessDecision decision) =>
        health.Reading is null || (decision is AccessDecision.Admitted && !health.IsOver) ? decision : null;
}
