using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Apps;
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
        var framed = context.Features.Get<FramedApp>();

        // Cannot name another site: browsers follow frame-ancestors alone.
        headers.XFrameOptions = isAdmin ? "DENY" : framed is { App.EmbedOrigins.IsEmpty: false } ? default : "SAMEORIGIN";
        headers.ContentSecurityPolicy = isAdmin ? AdminPolicy : UserPolicy(framed);
        headers.CacheControl = "no-store";
    }

    /// <summary>Sets the headers of an app's pages and of the frame around them.</summary>
    public static void Begin(HttpContext context, FramedApp framed)
    {
        context.Features.Set(framed);
        Begin(context);
    }

    /// <summary>Who may frame an app's pages, its own and the hub's.</summary>
    public static string FrameAncestors(App? app) => string.Join(' ', ["frame-ancestors 'self'", .. app?.EmbedOrigins ?? []]);

    /// <summary>Removes the headers for an app's response.</summary>
    public static void Forget(IHeaderDictionary headers)
    {
        headers.Remove(HeaderNames.XContentTypeOptions);
        headers.Remove(ReferrerPolicy);
        headers.Remove(HeaderNames.XFrameOptions);
        headers.Remove(HeaderNames.ContentSecurityPolicy);
        headers.Remove(HeaderNames.CacheControl);
    }

    // The users' pages: stricter than the admin's, except that the shell frames the pages of an app, and shows its icon, wherever that comes from.
    private static string UserPolicy(FramedApp? framed) =>
        $"default-src 'self'; img-src {(framed is { IsShell: true } ? "* data: blob:" : "'self' data:")}; base-uri 'none'; form-action 'self'; object-src 'none'; {FrameAncestors(framed?.App)}";
}
