using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Net.Http.Headers;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>The hub's static files: files under <c>/_hub</c> are public, all others are for admins.</summary>
internal static class HubFiles
{
    private const string Shared = "_hub/";
    private const string Bundle = "StreamHub.Server.styles.css";

    /// <summary>The styles of all components (<c>*.razor.css</c>), bundled by the build.</summary>
    public const string ComponentStyles = $"/{Shared}assets/{Bundle}";

    public static void MapHubFiles(this IEndpointRouteBuilder endpoints) => endpoints.MapStaticAssets().Add(static file =>
    {
        // The build puts the bundle at the root, among the admin files; the users' pages need it, too.
        if (file is RouteEndpointBuilder { RoutePattern.RawText: { } root } bundle && root.TrimStart('/') == Bundle)
        {
            bundle.RoutePattern = RoutePatternFactory.Parse(ComponentStyles);
        }

        if (file is RouteEndpointBuilder { RoutePattern.RawText: { } address } && address.TrimStart('/').StartsWith(Shared, StringComparison.Ordinal))
        {
            file.Metadata.Add(new ListenerMetadata([Listener.Users, Listener.Admin]));
        }

        // The endpoint appends its own Cache-Control header to an existing one.
        var send = file.RequestDelegate!;
        file.RequestDelegate = context =>
        {
            context.Response.Headers.Remove(HeaderNames.CacheControl);
            return send(context);
        };
    });
}
