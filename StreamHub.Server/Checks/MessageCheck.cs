using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Resources;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Checks;

/// <summary>
/// Refuses (400) what two programs could read in two ways: a body with two lengths, an address with two readings. It is read
/// once, here, for all that follows, so that gate, routing and app see the same path. The admin listener forwards nothing, and
/// names of users in its addresses may hold what elsewhere has a meaning; slashes, backslashes and dots by themselves they may not.
/// </summary>
internal sealed class MessageCheck(RequestDelegate next, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    /// <summary>What Kestrel makes of a Content-Length that came with a Transfer-Encoding.</summary>
    private const string SecondLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(SecondLength)))
        {
            context.Response.Headers.Connection = "close";
            return refusals.WriteAsync(context, RefusalReason.Path, text["Lengths.Refused"]);
        }

        if (!RequestTarget.TryRead(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target, holdsNames: context.Listener() == Listener.Admin))
        {
            return refusals.WriteAsync(context, RefusalReason.Path, text["Path.Refused"]);
        }

        context.Features.Set(target);
        return next(context);
    }
}
