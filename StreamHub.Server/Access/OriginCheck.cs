using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// Who may press buttons is told by address alone, so a page of another origin in a visitor's browser must not press any:
/// what changes something, and every socket, has to name the listener's own origin, as browsers do for the hub's own pages. A
/// script of an admin's names it, too, or presents a token. What the API is only asked for makes work, and a page of elsewhere
/// may not give it any. Apps may be sent what their programs send, but for sockets.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next)
{
    private const string Elsewhere = "This request came from a page that is not the hub's.";

    public Task InvokeAsync(HttpContext context)
    {
        if (IsAskedFromElsewhere(context))
        {
            return Refusal.WriteAsync(context, RefusalReason.Origin, Elsewhere);
        }

        return !IsGuarded(context) || IsAllowed(context) ? next(context) : Refusal.WriteAsync(context, RefusalReason.Origin, Hint(context));
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

    private static bool IsGuarded(HttpContext context) => IsGuarded(context.Request)

        // Browsers add no token by themselves: a page of elsewhere that does has got one that is not its own.
        || (context.Request.Headers.Origin.Count > 0 && context.Features.Get<TokenBearer>() is not null);

    private static bool IsGuarded(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Headers.Upgrade.Count > 0
        || request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase)
        || (request.Path.Value?.StartsWith("/_blazor", StringComparison.OrdinalIgnoreCase) ?? false);

    private static bool IsAllowed(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count > 0)
        {
            return Matches(request.Headers.Origin, request.Scheme, request.Headers.Host);
        }

        var isSocket = request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method);
        if (context.Listener() == Listener.Users)
        {
            return !isSocket && request.Path.StartsWithSegments("/app", StringComparison.Ordinal);
        }

        // No browser adds a token by itself. It leaves Origin out of a same-origin GET, and no page can set this header.
        return context.Features.Get<TokenBearer>() is not null
            || (HttpMethods.IsGet(request.Method) && !isSocket && request.Headers["Sec-Fetch-Site"] == "same-origin");
    }

    /// <summary>Images and the like of foreign pages come without an <c>Origin</c>. <c>Sec-Fetch-Site</c> tells of them, but over plain HTTP to this machine alone; else the page's address does, where it is sent.</summary>
    private static bool IsAskedFromElsewhere(HttpContext context)
    {
        var request = context.Request;
        return context.Listener() == Listener.Admin && request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site is not (["same-origin"] or ["none"])
                : request.Headers.Referer is { Count: > 0 } page && !(Uri.TryCreate(page, UriKind.Absolute, out var from) && Matches(from.GetLeftPart(UriPartial.Authority), request.Scheme, request.Headers.Host)));
    }

    // Scripts are the admins' only.
    private static string Hint(HttpContext context) => context.Request.Headers.Origin.Count > 0 || context.Listener() == Listener.Users
        ? Elsewhere
        : $"This request does not say that it comes from the hub's own pages. Browsers do; a script adds the header Origin: {context.Request.OwnOrigin()}, or a bearer token.";
}
