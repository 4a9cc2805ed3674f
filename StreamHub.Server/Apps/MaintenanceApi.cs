using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Domain.Instances;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Apps;

/// <summary>Maintenance of the whole hub: <c>/api/v1/maintenance</c>.</summary>
internal static class MaintenanceApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/maintenance", Results<Ok<Hold>, NoContent> (AppControl control) =>
            control.Maintenance is { } hold ? TypedResults.Ok(hold) : TypedResults.NoContent()).WithName("GetMaintenance").WithSummary("The hub's maintenance; 204 when there is none.");
        api.MapPost("/maintenance", async (string? text, DateTimeOffset? until, AppControl control, HttpContext context, CancellationToken ct) =>
            Answer(await control.BeginMaintenanceAsync(text, until, AdminApi.ActorOf(context), ct))).WithName("BeginMaintenance").WithSummary("Starts maintenance: stops all apps and shows visitors the reason and the end.");
        api.MapDelete("/maintenance", async (AppControl control, HttpContext context, CancellationToken ct) =>
            Answer(await control.EndMaintenanceAsync(AdminApi.ActorOf(context), ct))).WithName("EndMaintenance").WithSummary("Ends maintenance.");
    }

    private static Results<Ok<IReadOnlyList<string>>, ValidationProblem> Answer(ChangeResult result) =>
        result.Succeeded ? TypedResults.Ok(result.Changes) : AdminApi.Problem(result);
}
