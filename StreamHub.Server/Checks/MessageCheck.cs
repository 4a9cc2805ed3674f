using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Resources;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Checks;

/// <summary>
/// Refuses (400) ambiguous messages, which two programs could parse differently: a body with two lengths, a request target with two readings. The
/// target is parsed once, here, so that gate and routing see the same path; what follows an app's slug is only forwarded, in any spelling. The
/// admin listener forwards nothing, and its paths contain user names; special characters are allowed there, except slashes, backslashes and dot
/// segments.
/// </summary>
internal sealed class MessageCheck(RequestDelegate next, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    /// <summary>Kestrel renames a Content-Length header to this when a Transfer-Encoding is present.</summary>
    private const string SecondLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(SecondLength)))
        {
            context.Response.Headers.Connection = "close";
            return refusals.WriteAsync(context, RefusalReason.Path, text["Lengths.Refused"]);
        }

        if (headers.Upgrade.Count > 0 && !headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            // An offer, such as of HTTP/2 by Java's client with its first request (h2c), which a server may ignore: RFC 9110, 7.8.
            headers.Remove(HeaderNames.Upgrade);
        }

        if (!RequestTarget.TryRead(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target, holdsNames: context.Listener() == Listener.Admin))
        {
            return refusals.WriteAsync(context, RefusalReason.Path, text["Path.Refused"]);
        }

        if (!target.IsPlain)
        {
            // The server has resolved dot segments: the path of an app would be another one to gate and routing.
            context.Request.Path = target.Raw;
        }

        context.Features.Set(target);
        return next(context);
    }
}
