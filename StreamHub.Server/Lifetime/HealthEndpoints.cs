using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Server.Data;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Server.Telemetry;

namespace StreamHub.Server.Lifetime;

/// <summary>Endpoints for liveness and readiness.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => TypedResults.Text("ok")).OnListener(Listener.Users, Listener.Admin).ExcludeFromDescription();
        endpoints.MapGet("/readyz", Ready).OnListener(Listener.Admin).ExcludeFromDescription();
    }

    private static ContentHttpResult Ready(DatabaseHealth database, SteadyClock clock, LiveFeed feed) =>
        database.Reading is { } unread ? NotReady($"the database cannot be read since {clock.OnWall(unread.Since):u} ({unread.Kind}): {unread.Detail}")
        : database.Writing is { } unwritten ? NotReady($"the database cannot be written since {clock.OnWall(unwritten.Since):u} ({unwritten.Kind}): {unwritten.Detail}")
        : feed.Current is null ? NotReady("nothing was measured yet")
        : TypedResults.Text("ready");

    private static ContentHttpResult NotReady(string why) => TypedResults.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
