using System.Globalization;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Limits;

/// <summary>
/// Refuses (429) requests beyond the rate limit of their client, with <c>Retry-After</c>. Unauthenticated clients have a lower limit.
/// </summary>
internal sealed class RequestRate(RequestDelegate next, RequestBuckets buckets, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    public Task InvokeAsync(HttpContext context)
    {
        var caller = context.Caller();
        if (buckets.TryTake(LimitedClient.Of(caller.Address ?? caller.Peer, caller.IsAuthenticated), out var wait))
        {
            return next(context);
        }

        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return refusals.WriteAsync(context, RefusalReason.Rate, text["Rate.Refused"]);
    }
}
