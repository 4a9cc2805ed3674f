using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Audit;

/// <summary>The audit, under <c>/api/v1/audit</c>.</summary>
internal static class AuditApi
{
    private const int Usual = 200;

    private static readonly string[] Columns = ["sequence", "at", "actor", "address", "action", "target", "before", "after"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithName("ListAudit").WithSummary("Changes and denied requests, newest first.");
        api.MapGet("/audit.csv", Csv).WithName("ExportAuditCsv").WithSummary("The selected entries as CSV.").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/audit.json", Json).WithName("ExportAuditJson").WithSummary("The selected entries as JSON.").Produces<IReadOnlyList<AuditEntry>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/audit/verify", Verify).WithName("VerifyAudit").WithSummary("Verifies the whole audit: no row changed, removed or cut off.").Produces<Verdict>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Writes audit entries as CSV.</summary>
    public static Task WriteCsvAsync(TextWriter writer, IAsyncEnumerable<AuditEntry> entries) => Http.Csv.WriteAsync(writer, Columns, Rows(entries));

    private static async Task<Results<Ok<IReadOnlyList<AuditEntry>>, ValidationProblem>> ListAsync(
        [AsParameters] AuditQuery query,
        [Description("Only entries with a smaller number; for the next page, the last number of this one.")] long? before,
        [Description("Maximum number of entries, 1 to 1000; default 200.")] int? limit,
        AuditLog log,
        ConfigurationStore configuration,
        CancellationToken cancellationToken)
    {
        var filter = query.Read(configuration.Zone, out var errors);
        if (limit is < 1 or > AuditLog.LargestPage)
        {
            errors = [.. errors, new EntryError("limit", $"'{limit}' is not a number from 1 to {AuditLog.LargestPage}")];
        }

        return errors.Count > 0
            ? AdminApi.Problem(ChangeResult.Refused(errors))
            : TypedResults.Ok(await log.LatestAsync(filter, before, limit ?? Usual, cancellationToken));
    }

    private static IResult Csv([AsParameters] AuditQuery query, AuditLog log, FullReads readings, ConfigurationStore configuration, CancellationToken cancellationToken)
    {
        var filter = query.Read(configuration.Zone, out var errors);
        return errors.Count > 0
            ? AdminApi.Problem(ChangeResult.Refused(errors))
            : readings.One(Http.Csv.File("audit.csv", Columns, Rows(log.AllAsync(filter, cancellationToken))).ExecuteAsync);
    }

    private static IResult Json([AsParameters] AuditQuery query, AuditLog log, FullReads readings, ConfigurationStore configuration, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var filter = query.Read(configuration.Zone, out var errors);
        return errors.Count > 0
            ? AdminApi.Problem(ChangeResult.Refused(errors))
            : readings.One(TypedResults.Stream(
                stream => JsonSerializer.SerializeAsync(stream, log.AllAsync(filter, cancellationToken), json.Value.SerializerOptions, cancellationToken),
                "application/json",
                "audit.json").ExecuteAsync);
    }

    private static IResult Verify(AuditLog log, FullReads readings) => readings.One(async context =>
    {
        var check = await log.VerifyAsync(context.RequestAborted);
        await TypedResults.Ok(new Verdict(check.Fault is null, check.Rows, check.Fault is null ? null : FormattableString.Invariant(check.Fault))).ExecuteAsync(context);
    });

    private static IAsyncEnumerable<IEnumerable<object?>> Rows(IAsyncEnumerable<AuditEntry> entries) => entries.Select(entry => (IEnumerable<object?>)
        [entry.Sequence, entry.At, entry.Actor, entry.Address, entry.Action, entry.Target, entry.Before, entry.After]);

    /// <summary>The result of a verification of the whole audit.</summary>
    /// <param name="Rows">The number of intact rows.</param>
    /// <param name="Fault">The fault at the first invalid row.</param>
    internal sealed record Verdict(bool Whole, long Rows, string? Fault);
}
