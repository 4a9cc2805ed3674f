using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Access;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>
/// Changes requests to apps and their responses: adds the visitor's identity, keeps cookies apart, and translates addresses. docs/apps.md lists
/// every change. With <paramref name="passesOn"/> a 404 response is not forwarded.
/// </summary>
internal sealed class AppTransformer(AppRequest app, Run run, string pairing, bool passesOn) : HttpTransformer
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7f).Select(static code => (char)code).Except(['\t'])]);
    private static readonly string[] Framing = [HeaderNames.Upgrade, HeaderNames.ContentLength, HeaderNames.TransferEncoding];
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly AppEndpoint endpoint = run.Process!.Endpoint;
    private readonly AppMount mount = new(app.App, run.Process!.Endpoint, app.Context.Request.OwnOrigin());

    /// <summary>Whether the app responded with 404 and nothing was forwarded.</summary>
    public bool HasPassedOn { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(endpoint.Origin + mount.Target(app.Path), Verbatim);
        var request = httpContext.Request;
        foreach (var name in request.Headers.Keys.Where(ReservedHeaders.NamesClient).Concat(Nominated(request.Headers.Connection)).Concat(app.Purpose.Rewrite is null ? [] : AnswerRewrite.RemovedHeaders))
        {
            proxyRequest.Headers.Remove(name);
            proxyRequest.Content?.Headers.Remove(name);
        }

        // Apps compare Origin and Host literally (Streamlit does); OriginCheck has already checked that both mean the same.
        var origin = request.OwnOrigin();
        var end = origin.IndexOf(Uri.SchemeDelimiter, StringComparison.Ordinal);
        var (scheme, host) = (origin[..end], origin[(end + Uri.SchemeDelimiter.Length)..]);
        proxyRequest.Headers.Host = host;
        if (request.Headers.Upgrade.Count > 0)
        {
            Set(HeaderNames.Origin, origin);
        }

        // YARP takes it for a header of the connection; it says what the browser prefers (w3.org/TR/upgrade-insecure-requests).
        Set(HeaderNames.UpgradeInsecureRequests, request.Headers.UpgradeInsecureRequests);
        Set(HeaderNames.Cookie, CookieFence.Inward(request.Headers.Cookie));
        Set(PairingNames.Header, pairing);
        Set("X-StreamHub-User", HeaderText(app.Visitor.User.Name.ToString()));
        Set("X-StreamHub-Role", app.Visitor.User.Role == Role.Admin ? "admin" : "user");
        Set("X-Forwarded-For", app.Visitor.Address.ToString());
        Set("X-Forwarded-Proto", scheme);
        Set("X-Forwarded-Host", host);
        Set("X-Forwarded-Prefix", mount.Hidden);

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
        if (passesOn && proxyResponse?.StatusCode == HttpStatusCode.NotFound)
        {
            HasPassedOn = true;
            return false;
        }

        if (proxyResponse is not null)
        {
            ReplaceControls(proxyResponse.Headers);
            ReplaceControls(proxyResponse.Content.Headers);
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

        headers.SetCookie = new StringValues([.. headers.SetCookie.Select(cookie => CookieFence.Outward(cookie, mount)).OfType<string>()]);
        foreach (var name in AppMount.AddressHeaders.Where(headers.ContainsKey))
        {
            headers[name] = new StringValues([.. headers[name].Select(value => mount.Outward(name, value ?? ""))]);
        }

        if (!headers.ContentSecurityPolicy.Any(policy => policy?.Contains("frame-ancestors", StringComparison.OrdinalIgnoreCase) == true))
        {
            headers.Append(HeaderNames.ContentSecurityPolicy, SecurityHeaders.FrameAncestors(app.App));
        }

        if (copyBody && FrameReturn.Applies(app, proxyResponse))
        {
            FrameReturn.Redirect(app);
            return false;
        }

        if (!copyBody || proxyResponse is null or { StatusCode: HttpStatusCode.SwitchingProtocols })
        {
            return copyBody;
        }

        if (app.Purpose.Rewrite is { } rewrite)
        {
            if (rewrite.AppliesTo(proxyResponse))
            {
                await rewrite.WriteAsync(httpContext, run.Id, proxyResponse.Content, cancellationToken);
                return false;
            }

            if (await rewrite.TryReplaceAsync(httpContext, run.Id, proxyResponse.StatusCode, cancellationToken))
            {
                return false;
            }
        }

        return await SendHeadAsync(httpContext, proxyResponse.Content, cancellationToken);
    }

    /// <summary>Replaces control characters by blanks, as RFC 9110, 5.5, has it; Kestrel would refuse the whole response.</summary>
    private static void ReplaceControls(HttpHeaders headers)
    {
        Dictionary<string, string[]>? replaced = null;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                if (value.AsSpan().ContainsAny(Controls))
                {
                    (replaced ??= [])[name] = [.. values.Select(static value => string.Concat(value.Select(static character => Controls.Contains(character) ? ' ' : character)))];
                    break;
                }
            }
        }

        foreach (var (name, values) in replaced ?? [])
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Sends the head when the body keeps one waiting: the forwarder would send both together, and pages wait for the head of a stream of events.</summary>
    /// <returns>False when the app broke off meanwhile.</returns>
    private static async Task<bool> SendHeadAsync(HttpContext context, HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken);
        var first = body.ReadAsync(Memory<byte>.Empty, cancellationToken).AsTask();
        if (first.IsCompleted)
        {
            await first;
            return true;
        }

        await context.Response.Body.FlushAsync(cancellationToken);
        try
        {
            await first;
            return true;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            context.Abort();
            return false;
        }
    }

    /// <summary>Names outside of ASCII are percent-encoded, and so are names with a percent sign: decoding is unambiguous.</summary>
    private static string HeaderText(string name) => name.All(char.IsAscii) && !name.Contains('%', StringComparison.Ordinal) ? name : Uri.EscapeDataString(name);

    // RFC 9110, 7.6.1: headers named by Connection are not forwarded. The framing of the message is left to the forwarder.
    private static IEnumerable<string> Nominated(StringValues connection) =>
        from value in connection
        from name in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where !Framing.Contains(name, StringComparer.OrdinalIgnoreCase) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        select name;
}
