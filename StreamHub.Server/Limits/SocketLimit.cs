using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Limits;

/// <summary>Refuses (503) WebSockets beyond the limit of their client address or of the listener.</summary>
internal sealed class SocketLimit(RequestDelegate next, SocketCounts places, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    private const string Later = "30";

    public Task InvokeAsync(HttpContext context) =>
        context.Request.AsksForUpgrade()
        && context.Caller() is { IsAuthenticated: true, Address: { } address }
            ? CountAsync(context, address)
            : next(context);

    private async Task CountAsync(HttpContext context, ClientAddress address)
    {
        using var place = places.Of(context.Listener()).TryTake(new LimitedClient(address, IsUnauthenticated: false));
        if (place is null)
        {
            context.Response.Headers.RetryAfter = Later;
            await refusals.WriteAsync(context, RefusalReason.Sockets, text["Sockets.Refused"]);
            return;
        }

        await next(context);
    }
}
