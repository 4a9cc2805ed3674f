using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Hosting;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Access;

/// <summary>
/// Refuses (400) what two programs could read in two ways. On both listeners that is a body with two lengths. On the users'
/// it is an address with two readings, too: there it is read once, here, for all that follows, so that gate, routing and app
/// see the same path. The admin listener forwards nothing, and the names of users in its addresses may hold any character.
/// </summary>
internal sealed class MessageCheck(RequestDelegate next, IStringLocalizer<UserText> text)
{
    /// <summary>What Kestrel makes of a Content-Length that came with a Transfer-Encoding.</summary>
    private const string SecondLength = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(SecondLength)))
        {
            context.Response.Headers.Connection = "close";
            return Refusal.WriteAsync(context, RefusalReason.Path, text["Lengths.Refused"]);
        }

        if (context.Listener() == Listener.Users)
        {
            if (!RequestTarget.TryRead(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target))
            {
                return Refusal.WriteAsync(context, RefusalReason.Path, text["Path.Refused"]);
            }

            context.Features.Set(target);
        }

        return next(context);
    }
}
