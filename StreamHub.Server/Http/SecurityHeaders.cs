using Microsoft.Net.Http.Headers;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>Security headers of all the hub's own responses, errors included; responses of apps keep their own.</summary>
internal static class SecurityHeaders
{
    private const string ReferrerPolicy = "Referrer-Policy";

    /// <summary>The admin pages: same-origin sources only, no inline code except the styles that MudBlazor writes, no frames.</summary>
    private const string AdminPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>The users' pages: stricter, except that the shell frames the hub's answers at an app's address.</summary>
    private const string UserPolicy =
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        Begin(context);
        return next(context);
    });

    /// <summary>Sets the headers: at the start of a request, and again after a response was reset.</summary>
    public static void Begin(HttpContext context)
    {
        var isAdmin = context.Listener() == Listener.Admin;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers[ReferrerPolicy] = "same-origin";
        headers.XFrameOptions = isAdmin ? "DENY" : "SAMEORIGIN";
        headers.ContentSecurityPolicy = isAdmin ? AdminPolicy : UserPolicy;
        headers.CacheControl = "no-store";
    }

    /// <summary>Removes the headers for an app's response.</summary>
    public static void Forget(IHeaderDictionary headers)
    {
        headers.Remove(HeaderNames.XContentTypeOptions);
        headers.Remove(ReferrerPolicy);
        headers.Remove(HeaderNames.XFrameOptions);
        headers.Remove(HeaderNames.ContentSecurityPolicy);
        headers.Remove(HeaderNames.CacheControl);
    }
}
