using StreamHub.Domain.Access;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>
/// Who makes a request: a visitor (known by the address), a script (known by its bearer token), or an unauthenticated client and why.
/// <see cref="CallerIdentification"/> establishes it once for each request; limits, gate, origin check, visits, refusals and endpoints read this value.
/// </summary>
/// <param name="Configuration">The configuration in force when the request came; its answer goes by no other.</param>
/// <param name="Peer">The other end of the connection: the client, or a proxy.</param>
internal sealed record Caller(HubConfiguration Configuration, ClientAddress Peer)
{
    /// <summary>The client address; null when the proxy in front does not name a valid one.</summary>
    public ClientAddress? Address { get; init; }

    /// <summary>What the policy says of the address; null while the database cannot be read and the last good policy does not admit it.</summary>
    public AccessDecision? Decision { get; init; }

    /// <summary>The user whose address it is, admitted or not.</summary>
    public UserName? Owner { get; init; }

    /// <summary>What was decided about the bearer token; null without one.</summary>
    public TokenDecision? Token { get; init; }

    /// <summary>The authenticated user.</summary>
    public Visitor? Visitor { get; init; }

    /// <summary>Why the caller is unauthenticated; null for a visitor and for a script.</summary>
    public RefusalReason? Refusal { get; init; }

    /// <summary>What kept the hub from deciding: <see cref="RefusalReason.Fault"/>.</summary>
    public Exception? Fault { get; init; }

    /// <summary>The token of an authenticated script.</summary>
    public ApiToken? Script => (Token as TokenDecision.Admitted)?.Token;

    /// <summary>Whether it is a visitor or a script.</summary>
    public bool IsAuthenticated => Refusal is null;
}
