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
/// What changes on the way to an app and back: the visitor's identity goes in, the hub's own cookies stay out, and the app's cookies stay
/// on its path. With <paramref name="passesOn"/> nothing of an answer "not found" is sent on.
/// </summary>
internal sealed class AppTransformer(AppRequest app, AppEndpoint endpoint, string pairing, bool passesOn, Action onAnswer) : HttpTransformer
{
    private static readonly string[] Framing = [HeaderNames.Upgrade, HeaderNames.ContentLength, HeaderNames.TransferEncoding];
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether the app answered "not found", and nothing of it was sent on.</summary>
    public bool HasPassedOn { get; private set; }

    /// <inheritdoc/>
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

        // An app compares Origin with Host literally (Streamlit does); that they mean the same was checked.
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

    /// <inheritdoc/>
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
            // The answer is for this visitor: a shared cache may keep it only where the app says so.
            headers.CacheControl = "private";
        }

        headers.SetCookie = new StringValues([.. headers.SetCookie.Select(Narrow).OfType<string>()]);
        if (!headers.ContentSecurityPolicy.Any(policy => policy?.Contains("frame-ancestors", StringComparison.OrdinalIgnoreCase) == true))
        {
            headers.Append(HeaderNames.ContentSecurityPolicy, "frame-ancestors 'self'");
        }

        if (app.Purpose.Rewrite is { } rewrite && copyBody && proxyResponse is not null && rewrite.AppliesTo(proxyResponse))
        {
            await rewrite.WriteAsync(httpContext, proxyResponse.Content, cancellationToken);
            return false;
        }

        return copyBody;
    }

    // RFC 9110, 7.6.1: headers named by Connection end here. The framing of the message is the forwarder's.
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

    // A nameless cookie comes back as its value alone: "=.StreamHub.x=1" as ".StreamHub.x=1".
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

        // A cookie whose name demands Path=/ would be dropped by the browser under any other path.
        return string.Join("; ", parts.Where((part, index) => index == 0 || (part.Length > 0 && !IsAttribute(part, "path") && !IsAttribute(part, "domain")))
            .Append($"Path=/app/{app.Path.Slug}/"));
    }

    private static bool IsAttribute(string part, string name) =>
        part.Split('=', 2)[0].AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
}
