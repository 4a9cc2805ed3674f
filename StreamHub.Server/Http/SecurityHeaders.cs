using Microsoft.Net.Http.Headers;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>Headers that every answer of the hub's own carries, errors too; what the apps answer is theirs.</summary>
internal static class SecurityHeaders
{
    private const string ReferrerPolicy = "Referrer-Policy";

    /// <summary>The admins' pages: nothing from elsewhere, nothing inline but the styles that MudBlazor writes, and in no frame.</summary>
    private const string AdminPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>The users' pages: stricter still, but the shell frames what is said at an app's address.</summary>
    private const string UserPolicy =
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'self'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        Begin(context);
        return next(context);
    });

    /// <summary>Sets them: at the beginning, and after an answer was taken back.</summary>
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

    /// <summary>Takes them back, for an answer that is not the hub's own.</summary>
    public static void Forget(IHeaderDictionary headers)
    {
        headers.Remove(HeaderNames.XContentTypeOptions);
        headers.Remove(ReferrerPolicy);
        headers.Remove(HeaderNames.XFrameOptions);
        headers.Remove(HeaderNames.ContentSecurityPolicy);
        headers.Remove(HeaderNames.CacheControl);
    }
}
