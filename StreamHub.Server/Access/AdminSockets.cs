using StreamHub.Server.Listeners;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Access;

/// <summary>Ends what stays open on the admin listener (circuits, live hubs, long polls) with its visitor's, or its token's, right to it.</summary>
internal sealed class AdminSockets(RequestDelegate next, OpenConnections connections)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Listener() != Listener.Admin || !StaysOpen(context.Request) ? next(context)
        : context.Features.Get<Visitor>() is { } visitor ? WatchAsync(context, connections.Open(visitor, instance: null, context))
        : context.Features.Get<TokenBearer>() is { } bearer ? WatchAsync(context, connections.Open(bearer, context))
        : next(context);

    private static bool StaysOpen(HttpRequest request) =>
        request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase);

    private async Task WatchAsync(HttpContext context, OpenConnections.Connection opened)
    {
        using var connection = opened;
        await using var cut = connection.Token.Register(() =>
        {
            if (connection.IsRevoked)
            {
                context.Abort();
            }
        });
        await next(context);
    }
}
