using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Checks;

/// <summary>
/// Protection against cross-site requests (CSRF). Visitors are known by their address alone, so a page of another origin in a visitor's browser
/// must not press buttons: every request that changes something, and every socket, has to name the listener's own origin, as browsers do for
/// the hub's own pages. An admin's script names it, too, or presents a token. Queries of the API make work, so pages of
/// other origins are refused these as well. Apps receive what their programs send, but for sockets.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, RefusalWriter refusals, HubSettings settings)
{
    private const string Elsewhere = "This request came from a page that is not the hub's.";

    public Task InvokeAsync(HttpContext context)
    {
        if (IsAskedFromElsewhere(context))
        {
            return refusals.WriteAsync(context, RefusalReason.Origin, Elsewhere);
        }

        return !IsGuarded(context) || IsAllowed(context) ? next(context) : refusals.WriteAsync(context, RefusalReason.Origin, Hint(context));
    }

    /// <summary>Whether an origin (RFC 6454) is the one that was asked; a scheme's default port may be left out on either side.</summary>
    /// <param name="origin">The <c>Origin</c> header.</param>
    /// <param name="scheme">The scheme that the client used.</param>
    /// <param name="host">The <c>Host</c> header.</param>
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

    /// <summary>Whether an origin is that of the listener: its public address, whatever host and scheme the proxy asks with, or the one that was asked.</summary>
    private bool IsOwn(StringValues origin, HttpRequest request) =>
        (settings.PublicUrl(request.HttpContext.Listener()) is { } set && origin is [{ } named] && string.Equals(named, set.Origin, StringComparison.OrdinalIgnoreCase))
        || Matches(origin, request.Scheme, request.Headers.Host);

    private static bool IsGuarded(HttpContext context) => IsGuarded(context.Request)

        // Browsers add no token by themselves: a page of elsewhere that does has got one that is not its own.
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

        // No browser adds a token by itself. It leaves Origin out of a same-origin GET.
        return context.Caller().Script is not null || (HttpMethods.IsGet(request.Method) && !isSocket && IsFromOwnPage(request) == true);
    }

    private bool IsAskedFromElsewhere(HttpContext context) =>
        context.Listener() == Listener.Admin && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && IsFromOwnPage(context.Request) == false;

    /// <summary>
    /// What a browser says of the page that asks, where it sends no <c>Origin</c>: <c>Sec-Fetch-Site</c>, which over plain HTTP it sends to
    /// this machine alone, else the page's address. A page can hide its own, but show no other.
    /// </summary>
    /// <returns>Null when no page asks, or nothing is said of it.</returns>
    private bool? IsFromOwnPage(HttpRequest request) => (request.Headers["Sec-Fetch-Site"], request.Headers.Referer) switch
    {
        (["same-origin"], _) => true,
        (["none"], _) => null,
        ({ Count: > 0 }, _) => false,
        (_, [{ } page]) => Uri.TryCreate(page, UriKind.Absolute, out var from) && IsOwn(from.GetLeftPart(UriPartial.Authority), request),
        (_, { Count: > 0 }) => false,
        _ => null,
    };

    // Scripts are the admins' only.
    private static string Hint(HttpContext context) => context.Request.Headers.Origin.Count > 0 || context.Listener() == Listener.Users
        ? Elsewhere
        : $"This request does not say that it comes from the hub's own pages. Browsers do; a script adds the header Origin: {context.Request.OwnOrigin()}, or a bearer token.";
}
