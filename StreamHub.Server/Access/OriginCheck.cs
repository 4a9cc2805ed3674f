using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// On the admin listener, who may press buttons is told by address alone, so a page of another origin in an admin's
/// browser must not press any: what changes something, and every socket, has to come from the hub's own pages.
/// Programs send neither <c>Origin</c> nor cookies nor <c>Sec-Fetch</c> headers, browsers always do; they may use the
/// API and the live hub.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, ClientAddressResolver addresses)
{
    private const string ForwardedProto = "X-Forwarded-Proto";

    public Task InvokeAsync(HttpContext context) =>
        context.Listener() == Listener.Users || !IsGuarded(context.Request) || IsAllowed(context)
            ? next(context)
            : Refusal.WriteAsync(context, StatusCodes.Status403Forbidden, "This request came from a page that is not the hub's.");

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
            return string.Equals(request.Headers.Origin.ToString(), $"{Scheme(context)}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        }

        // Browsers leave Origin out of a same-origin GET, and no page can set this header.
        if (HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.Count == 0 && request.Headers["Sec-Fetch-Site"] == "same-origin")
        {
            return true;
        }

        return (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments("/hubs/live", StringComparison.OrdinalIgnoreCase)) && !IsBrowser(request);
    }

    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.Cookie.Count > 0
        || request.Headers.Any(header => header.Key.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase));

    private string Scheme(HttpContext context) =>
        addresses.IsBehindProxy(context) && context.Request.Headers[ForwardedProto].ToString() is { Length: > 0 } forwarded
            ? forwarded
            : context.Request.Scheme;
}
