using Microsoft.Extensions.Primitives;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// Who may press buttons is told by address alone, so a page of another origin in a visitor's browser must not press any:
/// what changes something, and every socket, has to come from the hub's own pages of the same listener. Browsers always send
/// <c>Origin</c> with these. Programs may use the API, the live hub and the apps: who sends none is one, unless anything else
/// tells a browser. What the API is only asked for makes work, too, and a page of elsewhere may not give it any.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        (!IsGuarded(context) || IsAllowed(context)) && !IsAskedFromElsewhere(context)
            ? next(context)
            : Refusal.WriteAsync(context, RefusalReason.Origin, "This request came from a page that is not the hub's.");

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

        // Browsers leave Origin out of a same-origin GET, and no page can set this header.
        if (HttpMethods.IsGet(request.Method) && !isSocket && request.Headers["Sec-Fetch-Site"] == "same-origin")
        {
            return true;
        }

        return (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments("/hubs/live", StringComparison.OrdinalIgnoreCase))
            && !IsBrowser(request);
    }

    /// <summary>Images and the like of foreign pages come without an <c>Origin</c>. <c>Sec-Fetch-Site</c> tells of them, but over plain HTTP to this machine alone; else the page's address does, where it is sent.</summary>
    private static bool IsAskedFromElsewhere(HttpContext context)
    {
        var request = context.Request;
        return context.Listener() == Listener.Admin && request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site is not (["same-origin"] or ["none"])
                : request.Headers.Referer is { Count: > 0 } page && !(Uri.TryCreate(page, UriKind.Absolute, out var from) && Matches(from.GetLeftPart(UriPartial.Authority), request.Scheme, request.Headers.Host)));
    }

    // A page can do without cookies and keep its address to itself, and Sec-Fetch is sent to safe origins only, but browsers say
    // with every request which languages are spoken; no page can leave that out.
    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.Cookie.Count > 0
        || request.Headers.Referer.Count > 0
        || request.Headers.AcceptLanguage.Count > 0
        || request.Headers.Any(header => header.Key.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase));
}
