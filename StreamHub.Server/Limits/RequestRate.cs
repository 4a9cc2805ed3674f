using System.Globalization;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Limits;

/// <summary>Refuses (429) requests beyond what their client address may make, and says when to ask again. Who is not let in may make fewer.</summary>
internal sealed class RequestRate(RequestDelegate next, ClientClassifier standing, RequestBuckets buckets, IStringLocalizer<UserText> text)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (buckets.TryTake(standing.Of(context), out var wait))
        {
            return next(context);
        }

        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return Refusal.WriteAsync(context, RefusalReason.Rate, text["Rate.Refused"]);
    }
}
