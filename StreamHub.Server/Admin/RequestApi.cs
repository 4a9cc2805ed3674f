using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Server.Access;
using StreamHub.Server.Data;

namespace StreamHub.Server.Admin;

/// <summary>Visitors' requests for access, under <c>/api/v1/requests</c>.</summary>
internal static class RequestApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/requests", async (bool? open, AdminActions actions, CancellationToken ct) =>
            TypedResults.Ok(await actions.RequestsAsync(open ?? true, ct))).WithName("ListRequests");
        api.MapPost("/requests/{id:long}/approve", async (long id, Approval approval, bool? force, AdminActions actions, HttpContext context, CancellationToken ct) =>
            Answer(await actions.ApproveAsync(id, approval, new ChangeOptions(Force: force ?? false), AdminApi.ActorOf(context), ct))).WithName("ApproveRequest");
        foreach (var (verb, state) in new[] { ("decline", AccessRequestState.Declined), ("block", AccessRequestState.Blocked), ("unblock", AccessRequestState.Withdrawn) })
        {
            api.MapPost($"/requests/{{id:long}}/{verb}", async (long id, string? note, AdminActions actions, HttpContext context, CancellationToken ct) =>
                Answer(await actions.CloseRequestAsync(id, state, note, AdminApi.ActorOf(context), ct))).WithName($"{verb}Request");
        }
    }

    private static Results<Ok<IReadOnlyList<string>>, ValidationProblem> Answer(ActionResult result) =>
        result.Succeeded ? TypedResults.Ok(result.Changes) : AdminApi.Problem(result);
}
