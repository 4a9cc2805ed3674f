using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Tokens;

/// <summary>The API of bearer tokens, under <c>/api/v1/tokens</c>. The gate allows no changes here by a token.</summary>
internal static class TokenApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", async (TokenEditor tokens, CancellationToken ct) => TypedResults.Ok(await tokens.ListAsync(ct)))
            .WithName("ListTokens").WithSummary("The bearer tokens, without their secrets.");
        api.MapPost("/tokens", CreateAsync).Takes<TokenEntry>().WithName("CreateToken").WithSummary("Creates a token. The response is the only place that shows its secret.").TakesNoToken();
        api.MapDelete("/tokens/{name}", RevokeAsync).WithName("RevokeToken").WithSummary("Revokes a token and closes its open connections.").TakesNoToken();
    }

    private static async Task<Results<Ok<NewToken>, ValidationProblem>> CreateAsync(JsonElement body, TokenEditor tokens, HttpContext context, CancellationToken cancellationToken)
    {
        var errors = new List<EntryError>();
        var entry = EntryJson.Read<TokenEntry>(body, errors);
        if (errors.Count > 0)
        {
            return AdminApi.Problem(ChangeResult.Refused(errors));
        }

        var (result, secret) = await tokens.CreateAsync(entry, AdminApi.ActorOf(context), cancellationToken);
        return secret is null ? AdminApi.Problem(result) : TypedResults.Ok(new NewToken(entry.Name, secret));
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, NotFound, ValidationProblem>> RevokeAsync(
        string name, TokenEditor tokens, HttpContext context, CancellationToken cancellationToken)
    {
        if (!(await tokens.ListAsync(cancellationToken)).Any(token => token.Name == name && token.Revoked is null))
        {
            return TypedResults.NotFound();
        }

        var result = await tokens.RevokeAsync(name, AdminApi.ActorOf(context), cancellationToken);
        return result.Succeeded ? TypedResults.Ok(result.Changes) : AdminApi.Problem(result);
    }

    /// <summary>A new token.</summary>
    /// <param name="Token">The secret for <c>Authorization: Bearer</c>; shown only once.</param>
    internal sealed record NewToken(string Name, string Token);
}
