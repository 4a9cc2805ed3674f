using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;

namespace StreamHub.Server.History;

/// <summary>The history of an app, under <c>/api/v1/apps/{slug}/history</c>. Removed apps keep their history.</summary>
internal static class HistoryApi
{
    private const int Usual = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/apps/{slug}/history", PageAsync).WithName("ListHistory").WithSummary("State changes of an app's runs, newest first.");
        api.MapGet("/apps/{slug}/crashes", Crashes).WithName("ListCrashes").WithSummary("Crash reports of an app, newest first.");
        api.MapGet("/apps/{slug}/history.csv", CsvAsync).WithName("ExportHistory").WithSummary("The whole history of an app as CSV.").Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    private static async Task<Results<Ok<HistorySlice>, NotFound, ValidationProblem>> PageAsync(
        string slug, long? before, int? limit, HistoryLog history, CancellationToken cancellationToken)
    {
        if (!AppSlug.TryParse(slug, out var app))
        {
            return TypedResults.NotFound();
        }

        return limit is < 1 or > HistoryLog.LargestPage
            ? TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["limit"] = [$"'{limit}' is not a number from 1 to {HistoryLog.LargestPage}"] })
            : TypedResults.Ok(await history.PageAsync(app, before, limit ?? Usual, cancellationToken));
    }

    private static Results<Ok<IReadOnlyList<CrashReport>>, NotFound> Crashes(string slug, HistoryLog history) =>
        AppSlug.TryParse(slug, out var app) ? TypedResults.Ok(history.Crashes(app)) : TypedResults.NotFound();

    private static async Task<IResult> CsvAsync(string slug, HistoryLog history, CancellationToken cancellationToken) =>
        AppSlug.TryParse(slug, out var app)
            ? Csv.File(
                $"history-{app}.csv",
                ["sequence", "at", "app", "user", "run", "from", "to", "cause", "by", "reason", "detail"],
                (await history.AllAsync(app, cancellationToken)).ToAsyncEnumerable().Select(entry => (IEnumerable<object?>)
                    [entry.Sequence, entry.At, entry.App, entry.User, entry.Run, entry.From, entry.To, entry.Cause, entry.By, entry.Reason, entry.Detail]))
            : TypedResults.NotFound();
}
