using System.Net;
using StreamHub.Domain.Apps;
using StreamHub.Server.Http;

namespace StreamHub.Server.Gateway;

/// <summary>
/// The way back into the hub's frame after a login at another site, which takes the whole window: the frame sets a cookie when it is left (shell.js), and
/// instead of the app's next page the visitor gets a redirect to the frame around it. Redirects of the app before that page are part of the login, and passed on.
/// </summary>
internal static class FrameReturn
{
    private const string Cookie = ".StreamHub.Frame";

    public static bool Applies(AppRequest request, HttpResponseMessage? answer) =>
        request.IsPage && answer is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentType.MediaType: "text/html" }
        && request.Context.Request.Cookies.ContainsKey(Cookie)

        // Browsers tell it over HTTPS and to localhost alone: https://www.w3.org/TR/fetch-metadata/
        && request.Context.Request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    public static void Redirect(AppRequest request)
    {
        var response = request.Context.Response;
        response.StatusCode = StatusCodes.Status302Found;
        response.ContentLength = 0;
        response.Headers.Location = request.Path.Framed;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentEncoding = response.Headers.ETag = response.Headers.LastModified = default;
    }

    /// <summary>The visitor is back: opens the frame.</summary>
    public static void End(HttpContext context, App app) =>
        context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = $"/{app.BasePath}/", SameSite = SameSiteMode.Lax });
}
