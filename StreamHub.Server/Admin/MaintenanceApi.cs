using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.Admin;

/// <summary>The whole hub, stopped and opened: <c>/api/v1/maintenance</c>.</summary>
internal static class MaintenanceApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/maintenance", Results<Ok<Hold>, NoContent> (AdminActions actions) =>
            actions.Maintenance is { } hold ? TypedResults.Ok(hold) : TypedResults.NoContent()).WithName("GetMaintenance");
        api.MapPost("/maintenance", async (string? text, DateTimeOffset? until, AdminActions actions, HttpContext context, CancellationToken ct) =>
            Answer(await actions.BeginMaintenanceAsync(text, until, AdminApi.ActorOf(context), ct))).WithName("BeginMaintenance");
        api.MapDelete("/maintenance", async (AdminActions actions, HttpContext context, CancellationToken ct) =>
            Answer(await actions.EndMaintenanceAsync(AdminApi.ActorOf(context), ct))).WithName("EndMaintenance");
    }

    private static Results<Ok<IReadOnlyList<string>>, ValidationProblem> Answer(ActionResult result) =>
        result.Succeeded ? TypedResults.Ok(result.Changes) : AdminApi.Problem(result);
}
