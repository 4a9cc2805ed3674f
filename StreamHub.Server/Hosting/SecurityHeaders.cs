namespace StreamHub.Server.Hosting;

/// <summary>Headers that every answer of the hub's own carries; what the apps answer is theirs.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// The admins' pages: nothing from elsewhere, nothing inline but the styles that MudBlazor writes, and in no frame.
    /// The users' pages, stricter still, set their own.
    /// </summary>
    private const string AdminPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/app", StringComparison.Ordinal))
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            if (context.Listener() == Listener.Admin)
            {
                headers.ContentSecurityPolicy = AdminPolicy;
            }
        }

        return next(context);
    });
}
