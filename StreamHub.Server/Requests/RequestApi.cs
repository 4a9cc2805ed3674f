using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Requests;

/// <summary>The API of requests for access, under <c>/api/v1/requests</c>.</summary>
internal static class RequestApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/requests", async (bool? open, AccessRequests requests, CancellationToken ct) =>
            TypedResults.Ok(await requests.ListAsync(open ?? true, ct))).WithName("ListRequests").WithSummary("Visitors' requests for access, newest first.");
        api.MapPost("/requests/{id:long}/approve", ApproveAsync).Takes<Approval>().WithName("ApproveRequest").WithSummary("Approves a request: admits the visitor, or assigns the requested app.");
        foreach (var (verb, state) in new[] { ("decline", AccessRequestState.Declined), ("block", AccessRequestState.Blocked), ("unblock", AccessRequestState.Withdrawn) })
        {
            api.MapPost($"/requests/{{id:long}}/{verb}", async (long id, string? note, RequestDecisions decisions, HttpContext context, CancellationToken ct) =>
                Answer(await decisions.CloseAsync(id, state, note, AdminApi.ActorOf(context), ct))).WithName($"{verb}Request").WithSummary($"Answers {verb} to a request for access, with a note for the visitor.");
        }
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.ChangePreview>, NotFound, ValidationProblem>> ApproveAsync(
        long id, JsonElement body, bool? force, bool? dryRun, RequestDecisions decisions, HttpContext context, CancellationToken cancellationToken)
    {
        var errors = new List<EntryError>();
        var approval = EntryJson.Read<Approval>(body, errors);
        var options = new ChangeOptions(dryRun ?? false, force ?? false);
        return AdminApi.Answer(
            errors.Count > 0 ? ChangeResult.Refused(errors) : await decisions.ApproveAsync(id, approval, options, AdminApi.ActorOf(context), cancellationToken), options);
    }

    private static Results<Ok<IReadOnlyList<string>>, ValidationProblem> Answer(ChangeResult result) =>
        result.Succeeded ? TypedResults.Ok(result.Changes) : AdminApi.Problem(result);
}
