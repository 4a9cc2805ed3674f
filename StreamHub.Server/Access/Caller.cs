using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>
/// The caller of a request: a visitor (identified by the address), a script (identified by its bearer token), or an unauthenticated client with the
/// reason. <see cref="CallerIdentification"/> sets it once for each request; limits, gate, origin check, visits, refusals and endpoints read it.
/// </summary>
/// <param name="Configuration">The configuration that was current when the request arrived; the whole request is decided by it.</param>
/// <param name="Peer">The remote address of the TCP connection: the client or a proxy.</param>
internal sealed record Caller(HubConfiguration Configuration, ClientAddress Peer)
{
    /// <summary>The client address; null when a known proxy in front sends no valid one.</summary>
    public ClientAddress? Address { get; init; }

    /// <summary>The decision of the policy; null while the database cannot be read and the last good policy does not admit the address.</summary>
    public AccessDecision? Decision { get; init; }

    /// <summary>The user that the address belongs to, admitted or not.</summary>
    public UserName? Owner { get; init; }

    /// <summary>The decision on the bearer token; null without one.</summary>
    public TokenDecision? Token { get; init; }

    /// <summary>The authenticated user.</summary>
    public Visitor? Visitor { get; init; }

    /// <summary>Why the caller is unauthenticated; null for a visitor and for a script.</summary>
    public RefusalReason? Refusal { get; init; }

    /// <summary>The exception behind <see cref="RefusalReason.Fault"/>.</summary>
    public Exception? Fault { get; init; }

    /// <summary>The token of an authenticated script.</summary>
    public ApiToken? Script => (Token as TokenDecision.Admitted)?.Token;

    public bool IsAuthenticated => Refusal is null;
}
