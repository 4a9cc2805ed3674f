using System.Threading.RateLimiting;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Tokens;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// Authenticates bearer tokens for the API, its OpenAPI description and the live hub of the admin listener, from any address. A request with a
/// token is authenticated by the token only: a wrong token is refused even from an admin's address.
/// </summary>
internal sealed class BearerTokenAuthenticator(CurrentPolicy policy, TokenUses uses, RefusalWriter refusals) : IDisposable
{
    /// <summary>Wrong tokens of one address within a minute that are answered with 401; further ones are answered with 429.</summary>
    internal const int TriesPerMinute = 10;

    // This limits the audit rows, not the valid tokens: 32 random bytes cannot be guessed, and one outdated script must not block other scripts at
    // its address.
    private readonly PartitionedRateLimiter<ClientAddress> tries = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Decides on the token of a request; null for a request without a token.</summary>
    public TokenDecision? Decide(HttpRequest request, Listener listener, HubConfiguration configuration)
    {
        var path = request.Path;

        // Apps use bearer tokens of their own. A token of the hub must not be forwarded to them.
        if (!(listener == Listener.Admin ? BearerToken.IsPresented(request) : BearerToken.IsOwn(request)))
        {
            return null;
        }

        var decision = policy.Decide(configuration, BearerToken.HashOf(request), Changes(request));

        // A token cannot create tokens: a stolen token could otherwise outlive its revocation unnoticed. (It can create an admin, which the audit
        // and the list of users show.)
        return decision is TokenDecision.Admitted(var token)
            && (listener != Listener.Admin || !IsForTokens(path) || (Changes(request) && path.StartsWithSegments("/api/v1/tokens", StringComparison.OrdinalIgnoreCase)))
            ? new TokenDecision.OutOfScope(token)
            : decision;
    }

    /// <summary>Records the use of a token.</summary>
    public void Note(ApiToken token, ClientAddress from) => uses.Note(token, from);

    /// <summary>Refuses the request as RFC 6750, section 3 specifies.</summary>
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
            return refusals.WriteAsync(context, RefusalReason.Scope, "The token does not permit this.", decision.Known, asked);
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

    /// <summary>The paths that accept tokens. Exact comparison: no other spelling of them accepts a token.</summary>
    private static bool IsForTokens(PathString path) =>
        path.Value is "/openapi/v1.json" or "/readyz"
        || path.StartsWithSegments("/api/v1", StringComparison.Ordinal)
        || path.StartsWithSegments("/hubs/live", StringComparison.Ordinal);

    // The live hub is read-only, whatever HTTP method its transport uses.
    private static bool Changes(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && !request.Path.StartsWithSegments("/hubs/live", StringComparison.Ordinal);
}
