using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Checks;

/// <summary>
/// Protection against cross-site requests (CSRF). Visitors are identified by their address only, so a page of another origin in a visitor's
/// browser must not act for them: every request that changes something, and every WebSocket, must carry the listener's own origin, as browsers
/// send it for the hub's own pages. An admin's script sends the origin, too, or a token. API queries cost work, so cross-site queries are refused
/// as well. Exception: programs without an <c>Origin</c> header may send requests to apps, but may not open WebSockets.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, RefusalWriter refusals, HubSettings settings)
{
    private const string Elsewhere = "Cross-site request: it came from a page of another site.";

    public Task InvokeAsync(HttpContext context)
    {
        if (IsAskedFromElsewhere(context))
        {
            return refusals.WriteAsync(context, RefusalReason.Origin, Elsewhere);
        }

        return !IsGuarded(context) || IsAllowed(context) ? next(context) : refusals.WriteAsync(context, RefusalReason.Origin, Hint(context));
    }

    /// <summary>Whether an origin (RFC 6454) equals the requested one; the default port of the scheme may be omitted on either side.</summary>
    public static bool Matches(StringValues origin, string scheme, StringValues host)
    {
        if (origin is not [{ } text] || host is not [{ Length: > 0 } asked] || !text.StartsWith(scheme + Uri.SchemeDelimiter, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var named = text[(scheme.Length + Uri.SchemeDelimiter.Length)..];
        var port = scheme == Uri.UriSchemeHttps ? ":443" : ":80";
        return Same(named, asked) || Same(named + port, asked) || Same(named, asked + port);

        static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an origin is the listener's: its public URL, whatever host and scheme the proxy uses, or the requested origin.</summary>
    private bool IsOwn(StringValues origin, HttpRequest request) =>
        (settings.PublicUrl(request.HttpContext.Listener()) is { } set && origin is [{ } named] && string.Equals(named, set.Origin, StringComparison.OrdinalIgnoreCase))
        || Matches(origin, request.Scheme, request.Headers.Host);

    private static bool IsGuarded(HttpContext context) => IsGuarded(context.Request)

        // Browsers never add a token by themselves: a cross-site page that sends one has obtained it elsewhere.
        || (context.Request.Headers.Origin.Count > 0 && context.Caller().Script is not null);

    private static bool IsGuarded(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Headers.Upgrade.Count > 0
        || request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase)
        || (request.Path.Value?.StartsWith("/_blazor", StringComparison.OrdinalIgnoreCase) ?? false);

    private bool IsAllowed(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count > 0)
        {
            return IsOwn(request.Headers.Origin, request);
        }

        var isSocket = request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method);
        if (context.Listener() == Listener.Users)
        {
            return !isSocket && request.Path.StartsWithSegments("/app", StringComparison.Ordinal);
        }

        // Browsers never add a token by themselves, and send no Origin with a same-origin GET.
        return context.Caller().Script is not null || (HttpMethods.IsGet(request.Method) && !isSocket && IsFromOwnPage(request) == true);
    }

    private bool IsAskedFromElsewhere(HttpContext context) =>
        context.Listener() == Listener.Admin && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && IsFromOwnPage(context.Request) == false;

    /// <summary>
    /// For requests without <c>Origin</c>: the site of the requesting page by <c>Sec-Fetch-Site</c> (over plain HTTP browsers send it to this
    /// machine only), else by <c>Referer</c>. A page can omit its own address but cannot forge another one.
    /// </summary>
    /// <returns>Null when the request names no page.</returns>
    private bool? IsFromOwnPage(HttpRequest request) => (request.Headers["Sec-Fetch-Site"], request.Headers.Referer) switch
    {
        (["same-origin"], _) => true,
        (["none"], _) => null,
        ({ Count: > 0 }, _) => false,
        (_, [{ } page]) => Uri.TryCreate(page, UriKind.Absolute, out var from) && IsOwn(from.GetLeftPart(UriPartial.Authority), request),
        (_, { Count: > 0 }) => false,
        _ => null,
    };

    // Only admins use scripts.
    private static string Hint(HttpContext context) => context.Request.Headers.Origin.Count > 0 || context.Listener() == Listener.Users
        ? Elsewhere
        : $"The request has no Origin header. A script adds Origin: {context.Request.OwnOrigin()}, or a bearer token.";
}
