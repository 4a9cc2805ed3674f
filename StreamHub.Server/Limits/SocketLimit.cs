using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Listeners;
using StreamHub.Server.Resources;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Limits;

/// <summary>Refuses (503) WebSockets beyond what their client address or all clients of a listener may have open.</summary>
internal sealed class SocketLimit(RequestDelegate next, SocketCounts places, IStringLocalizer<UserText> text)
{
    private const string Later = "30";

    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && (context.Features.Get<Visitor>()?.Address ?? context.Features.Get<TokenBearer>()?.Address) is { } address
            ? CountAsync(context, address)
            : next(context);

    private async Task CountAsync(HttpContext context, ClientAddress address)
    {
        using var place = places.Of(context.Listener()).TryTake(address, isStranger: false);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = Later;
            await Refusal.WriteAsync(context, RefusalReason.Sockets, text["Sockets.Refused"]);
            return;
        }

        await next(context);
    }
}
