using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;
using StreamHub.Server.Telemetry;

namespace StreamHub.Server.Admin;

/// <summary>Whether the hub lives, and whether it can do its work.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => TypedResults.Text("ok")).OnListener(Listener.Users, Listener.Admin).ExcludeFromDescription();
        endpoints.MapGet("/readyz", ReadyAsync).OnListener(Listener.Admin).ExcludeFromDescription();
    }

    private static async Task<ContentHttpResult> ReadyAsync(
        IDbContextFactory<HubDbContext> contexts, LiveFeed feed, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Facts.AsNoTracking().AnyAsync(cancellationToken);
        }
        catch (SqliteException exception)
        {
            return TypedResults.Text($"the database cannot be read: {exception.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return feed.Current is null
            ? TypedResults.Text("nothing was measured yet", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("ready");
    }
}
