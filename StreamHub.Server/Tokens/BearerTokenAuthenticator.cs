using System.Threading.RateLimiting;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Listeners;

namespace StreamHub.Server.Tokens;

/// <summary>
/// What bearer tokens open: the API, its description and the live hub of the admin listener, from any address. Whoever
/// presents one is judged by it alone: an admin's address does not make up for a wrong token.
/// </summary>
internal sealed class BearerTokenAuthenticator(CurrentPolicy policy, TokenUses uses) : IDisposable
{
    /// <summary>Wrong tokens of one address within a minute that are told so; more are told to wait.</summary>
    internal const int TriesPerMinute = 10;

    // It spares the audit, and nobody a right token: 32 random bytes are not guessed, but one forgotten script must not shut out its neighbours.
    private readonly PartitionedRateLimiter<ClientAddress> tries = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Judges a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="listener">Where it came in.</param>
    /// <param name="address">From where.</param>
    /// <returns>Null when it presents no token; once admitted, the request's <see cref="TokenBearer"/> is set.</returns>
    public TokenDecision? Decide(HttpContext context, Listener listener, ClientAddress address)
    {
        var (request, path) = (context.Request, context.Request.Path);

        // Apps have bearer tokens of their own; the hub's must not get to them.
        if (!(listener == Listener.Admin ? BearerToken.IsPresented(request) : BearerToken.IsOwn(request)))
        {
            return null;
        }

        var decision = policy.Decide(BearerToken.HashOf(request), Changes(request)) ?? TokenDecision.Undecided.Instance;
        if (decision is not TokenDecision.Admitted(var token))
        {
            return decision;
        }

        // Tokens make no tokens: one that was stolen would live on unseen. (It can make an admin, which the audit and the list of users show.)
        if (listener != Listener.Admin || !IsForTokens(path) || (Changes(request) && path.StartsWithSegments("/api/v1/tokens", StringComparison.OrdinalIgnoreCase)))
        {
            return new TokenDecision.OutOfScope(token);
        }

        context.Features.Set(new TokenBearer(address, token));
        uses.Note(token, address);
        return decision;
    }

    /// <summary>Refuses, as RFC 6750, 3 says.</summary>
    public Task RefuseAsync(HttpContext context, ClientAddress address, TokenDecision decision)
    {
        if (decision is TokenDecision.Undecided)
        {
            return Refusal.WriteAsync(context, RefusalReason.Database, Gate.Unknown);
        }

        var asked = $"{context.Request.Method} {context.Request.Path.Value}";
        if (decision is TokenDecision.OutOfScope)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
            return Refusal.WriteAsync(context, RefusalReason.Scope, "The token is not for this.", decision.Known, asked);
        }

        if (!MayTry(address))
        {
            context.Response.Headers.RetryAfter = "60";
            return Refusal.WriteAsync(context, RefusalReason.Rate, "Too many wrong tokens; try again in a minute.", decision.Known, asked);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        var why = decision switch { TokenDecision.Revoked => "revoked", TokenDecision.Expired => "expired", _ => "unknown" };
        return Refusal.WriteAsync(context, RefusalReason.Token, $"The token is {why}.", decision.Known, $"{why}: {asked}");
    }

    public void Dispose() => tries.Dispose();

    private bool MayTry(ClientAddress address)
    {
        using var lease = tries.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    /// <summary>Compared exactly: another spelling of these paths is not for tokens.</summary>
    private static bool IsForTokens(PathString path) =>
        path.Value is "/openapi/v1.json" or "/readyz"
        || path.StartsWithSegments("/api/v1", StringComparison.Ordinal)
        || path.StartsWithSegments("/hubs/live", StringComparison.Ordinal);

    // The live hub only tells, whatever the method of its transport.
    private static bool Changes(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && !request.Path.StartsWithSegments("/hubs/live", StringComparison.Ordinal);
}
