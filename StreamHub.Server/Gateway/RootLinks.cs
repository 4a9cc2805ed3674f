using StreamHub.Domain.Apps;
using StreamHub.Server.Access;
using StreamHub.Server.Checks;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Gateway;

/// <summary>
/// Links and pictures that an app's author wrote from the root (<c>/second</c>, <c>/app/static/a.png</c>), as they work where the app has a server
/// of its own. They are no address of the hub; the page that asks, named by <c>Referer</c>, tells the app.
/// </summary>
internal sealed class RootLinks(HubSettings settings)
{
    /// <summary>Where Streamlit serves the files of the app's folder <c>static</c>; no app has an address there unless it is named so.</summary>
    private static readonly AppSlug StaticFiles = AppSlug.Parse("static");

    /// <summary>Redirects a request for an address that the hub does not have to the app whose page asks; false when no app's page does.</summary>
    public bool TryRedirect(HttpContext context)
    {
        var request = context.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || AppOf(context) is not { } slug
            || context.Features.Get<RequestTarget>() is not { } target || target.Raw.StartsWith("/_hub/", StringComparison.Ordinal) || target.Raw.StartsWith(RequestTarget.ShellPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"{RequestTarget.AppPrefix}{slug}{target.Raw}{target.Query}";
        context.Response.Headers.Vary = "Referer";
        return true;
    }

    /// <summary>Whether an address under <c>/app/</c> may be meant as a root address of an app.</summary>
    public static bool MayBeFile(AppPath path, bool exists) => path.Slug == StaticFiles && !exists;

    /// <summary>The app of the page that asks, if the visitor may open it.</summary>
    private AppSlug? AppOf(HttpContext context)
    {
        if (context.Request.Headers.Referer is not [{ } referer])
        {
            return null;
        }

        var path = referer.IndexOf('/', Math.Min(referer.Length, referer.IndexOf("//", StringComparison.Ordinal) + 2));
        var origin = path < 0 ? referer : referer[..path];
        var isOwn = string.Equals(origin, settings.PublicUrl(Listener.Users)?.Origin, StringComparison.OrdinalIgnoreCase)
            || OriginCheck.Matches(origin, context.Request.Scheme, context.Request.Headers.Host);
        return path >= 0 && isOwn && RequestTarget.TryRead(referer[path..], out var page) && page.App is { } slug && page.Raw.StartsWith(RequestTarget.AppPrefix, StringComparison.Ordinal)
            && context.Visitor().User.MayOpen(slug) && context.Configuration().FindApp(slug) is not null ? slug : null;
    }
}
