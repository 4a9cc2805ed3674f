using System.Threading.RateLimiting;
using StreamHub.Domain.Access;
using StreamHub.Server.Tokens;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// Bearer tokens open the API, its description and the live hub of the admin listener, from any address. A request with a token
/// is judged by it alone: an admin's address does not make up for a wrong token.
/// </summary>
internal sealed class BearerTokenAuthenticator(CurrentPolicy policy, TokenUses uses, RefusalWriter refusals) : IDisposable
{
    /// <summary>Wrong tokens of one address within a minute that are told so; more are told to wait.</summary>
    internal const int TriesPerMinute = 10;

    // It spares the audit, and nobody a right token: 32 random bytes are not guessed, but one forgotten script must not shut out its neighbours.
    private readonly PartitionedRateLimiter<ClientAddress> tries = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Judges the token of a request.</summary>
    /// <returns>Null when it presents none.</returns>
    public TokenDecision? Decide(HttpRequest request, Listener listener, HubConfiguration configuration)
    {
        var path = request.Path;

        // Apps have bearer tokens of their own; the hub's must not get to them.
        if (!(listener == Listener.Admin ? BearerToken.IsPresented(request) : BearerToken.IsOwn(request)))
        {
            return null;
        }

        var decision = policy.Decide(configuration, BearerToken.HashOf(request), Changes(request));

        // Tokens make no tokens: one that was stolen would live on unseen. (It can make an admin, which the audit and the list of users show.)
        return decision is TokenDecision.Admitted(var token)
            && (listener != Listener.Admin || !IsForTokens(path) || (Changes(request) && path.StartsWithSegments("/api/v1/tokens", StringComparison.OrdinalIgnoreCase)))
            ? new TokenDecision.OutOfScope(token)
            : decision;
    }

    /// <summary>Notes that a token was used.</summary>
    public void Note(ApiToken token, ClientAddress from) => uses.Note(token, from);

    /// <summary>Refuses, as RFC 6750, 3 says.</summary>
    public Task RefuseAsync(HttpContext context, ClientAddress address, TokenDecision decision)
    {
        if (decision is TokenDecision.Undecided)
        {
            return refusals.WriteAsync(context, RefusalReason.Database, Gate.Unknown);
        }

        var asked = $"{context.Request.Method} {context.Request.Path.Value}";
        if (decision is TokenDecision.OutOfScope)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
            return refusals.WriteAsync(context, RefusalReason.Scope, "The token is not for this.", decision.Known, asked);
        }

        if (!MayTry(address))
        {
            context.Response.Headers.RetryAfter = "60";
            return refusals.WriteAsync(context, RefusalReason.Rate, "Too many wrong tokens; try again in a minute.", decision.Known, asked);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        var why = decision switch { TokenDecision.Revoked => "revoked", TokenDecision.Expired => "expired", _ => "unknown" };
        return refusals.WriteAsync(context, RefusalReason.Token, $"The token is {why}.", decision.Known, $"{why}: {asked}");
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
