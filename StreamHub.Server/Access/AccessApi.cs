using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Access;

/// <summary>Questions about access, under <c>/api/v1/access</c>.</summary>
internal static class AccessApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/access/explain", Explain).WithName("ExplainAccess").WithSummary("Explains step by step whether an address has access, and whether it may open an app.");
        api.MapGet("/access/overlaps", (ConfigurationStore configuration) => TypedResults.Ok(configuration.Overlaps()
            .Select(overlap => new Overlap(overlap.Winner.ToString(), overlap.Narrower.ToString(), overlap.Loser.ToString(), overlap.Wider.ToString())).ToList()))
            .WithName("ListOverlaps").WithSummary("Overlapping address ranges of two users, and which user gets the shared addresses.");
    }

    /// <summary>The response to a dry run.</summary>
    public static ChangePreview Plan(ChangeResult result) => new(
        result.Changes,
        [.. result.Overlaps.Select(overlap => overlap.ToString())],
        [.. result.Preview?.Gains.Select(Of) ?? []],
        [.. result.Preview?.Losses.Select(Of) ?? []]);

    private static Results<Ok<Explanation>, ValidationProblem> Explain(string? address, string? app, ConfigurationEditor editor)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!ClientAddress.TryParse(address, out var from))
        {
            errors["address"] = [$"'{address}' is not an IP address"];
        }

        AppSlug? slug = null;
        if (AppSlug.TryParse(app, out var parsed))
        {
            slug = parsed;
        }
        else if (app is not null)
        {
            errors["app"] = [$"'{app}' is not a slug: {AppSlug.Expected}"];
        }

        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var said = editor.Explain(from, slug);
        return TypedResults.Ok(new Explanation(
            said.Address.ToString(),
            said.App?.ToString(),
            said.Decision.GetType().Name,
            said.Decision.Claim?.User.Name.ToString(),
            said.Decision.Claim?.Rule.ToString(),
            said.Allowed,
            said.Steps));
    }

    private static Shift Of(AccessShift shift) =>
        new(shift.Address.ToString(), shift.User.ToString(), shift.App?.ToString(), shift.IsAdmin ? "admin" : "users", shift.Visits);

    internal sealed record Explanation(
        string Address, string? App, string Decision, string? User, string? Range, bool Allowed, IReadOnlyList<AccessStep> Steps);

    internal sealed record Overlap(string Winner, string Range, string Loser, string Wider);

    internal sealed record ChangePreview(
        IReadOnlyList<string> Changes, IReadOnlyList<string> Warnings, IReadOnlyList<Shift> Gains, IReadOnlyList<Shift> Losses);

    internal sealed record Shift(string Address, string User, string? App, string Listener, long Visits);
}
