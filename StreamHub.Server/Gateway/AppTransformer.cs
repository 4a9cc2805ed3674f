using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>
/// Changes requests to apps and their responses: adds the visitor's identity, removes the hub's own cookies, and limits the app's cookies to its
/// path. With <paramref name="passesOn"/> a 404 response is not forwarded.
/// </summary>
internal sealed class AppTransformer(AppRequest app, AppEndpoint endpoint, string pairing, bool passesOn, Action onAnswer) : HttpTransformer
{
    private static readonly string[] Framing = [HeaderNames.Upgrade, HeaderNames.ContentLength, HeaderNames.TransferEncoding];
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether the app responded with 404 and nothing was forwarded.</summary>
    public bool HasPassedOn { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(endpoint.Origin + app.Path.Raw + app.Path.Query, Verbatim);
        var request = httpContext.Request;
        foreach (var name in request.Headers.Keys.Where(ReservedHeaders.NamesClient).Concat(Nominated(request.Headers.Connection)).Concat(app.Purpose.Rewrite is null ? [] : AnswerRewrite.RemovedHeaders))
        {
            proxyRequest.Headers.Remove(name);
            proxyRequest.Content?.Headers.Remove(name);
        }

        // Apps compare Origin and Host literally (Streamlit does); OriginCheck has already checked that both mean the same.
        proxyRequest.Headers.Host = request.Host.Value;
        if (request.Headers.Upgrade.Count > 0)
        {
            Set(HeaderNames.Origin, request.OwnOrigin());
        }

        Set(HeaderNames.Cookie, AppCookies(request.Headers.Cookie));
        Set(PairingNames.Header, pairing);
        Set("X-StreamHub-User", app.Visitor.User.Name.ToString());
        Set("X-StreamHub-Role", app.Visitor.User.Role == Role.Admin ? "admin" : "user");
        Set("X-Forwarded-For", app.Visitor.Address.ToString());
        Set("X-Forwarded-Proto", request.Scheme);
        Set("X-Forwarded-Host", request.Host.Value);

        void Set(string name, string? value)
        {
            proxyRequest.Headers.Remove(name);
            if (!string.IsNullOrEmpty(value))
            {
                proxyRequest.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        onAnswer();
        if (passesOn && proxyResponse?.StatusCode == HttpStatusCode.NotFound)
        {
            HasPassedOn = true;
            return false;
        }

        var headers = httpContext.Response.Headers;
        SecurityHeaders.Forget(headers);
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        foreach (var name in headers.Keys.Where(name => ReservedHeaders.NamesClient(name) || ReservedHeaders.AffectsOrigin(name)).ToArray())
        {
            headers.Remove(name);
        }

        if (headers.CacheControl.Count == 0)
        {
            // The response is for this visitor: shared caches may store it only if the app allows it.
            headers.CacheControl = "private";
        }

        headers.SetCookie = new StringValues([.. headers.SetCookie.Select(Narrow).OfType<string>()]);
        if (!headers.ContentSecurityPolicy.Any(policy => policy?.Contains("frame-ancestors", StringComparison.OrdinalIgnoreCase) == true))
        {
            headers.Append(HeaderNames.ContentSecurityPolicy, SecurityHeaders.FrameAncestors(app.App));
        }

        if (copyBody && FrameReturn.Applies(app, proxyResponse))
        {
            FrameReturn.Redirect(app);
            return false;
        }

        if (app.Purpose.Rewrite is { } rewrite && copyBody && proxyResponse is not null && rewrite.AppliesTo(proxyResponse))
        {
            await rewrite.WriteAsync(httpContext, proxyResponse.Content, cancellationToken);
            return false;
        }

        return copyBody;
    }

    // RFC 9110, 7.6.1: headers named by Connection are not forwarded. The framing of the message is left to the forwarder.
    private static IEnumerable<string> Nominated(StringValues connection) =>
        from value in connection
        from name in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where !Framing.Contains(name, StringComparer.OrdinalIgnoreCase) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        select name;

    private static string AppCookies(StringValues cookies) => string.Join("; ",
        from header in cookies
        from cookie in header.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where !IsHubCookie(cookie)
        select cookie);

    // Browsers send a nameless cookie as its value only: "=.StreamHub.x=1" as ".StreamHub.x=1".
    private static bool IsHubCookie(string cookie)
    {
        var name = cookie.AsSpan().TrimStart("= \t");
        return name.StartsWith(".StreamHub.", StringComparison.OrdinalIgnoreCase) || name.StartsWith(".AspNetCore.", StringComparison.OrdinalIgnoreCase);
    }

    private string? Narrow(string? cookie)
    {
        var parts = (cookie ?? "").Split(';', StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0 || IsHubCookie(parts[0]))
        {
            return null;
        }

        // Drops Domain and Path of the app's cookie. Browsers drop a cookie with the prefix __Host- under any path other than /.
        return string.Join("; ", parts.Where((part, index) => index == 0 || (part.Length > 0 && !IsAttribute(part, "path") && !IsAttribute(part, "domain")))
            .Append($"Path=/app/{app.Path.Slug}/"));
    }

    private static bool IsAttribute(string part, string name) =>
        part.Split('=', 2)[0].AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
