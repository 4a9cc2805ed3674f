using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// Closes long-lived connections on the admin listener (circuits, live hubs, long polls) as soon as the admin or the token loses access.
/// </summary>
internal sealed class AdminSockets(RequestDelegate next, OpenConnections connections)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Listener() != Listener.Admin || !StaysOpen(context.Request) ? next(context)
        : context.Caller() is { Visitor: { } visitor } ? WatchAsync(context, connections.Open(visitor, instance: null, context))
        : context.Caller() is { Script: { } token } ? WatchAsync(context, connections.Open(token, context))
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
