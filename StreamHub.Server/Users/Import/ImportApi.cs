using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Users.Import;

/// <summary>Import and export of users as CSV: <c>/api/v1/users/import</c> and <c>/api/v1/users.csv</c>.</summary>
internal static class ImportApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/import", ImportAsync).TakesText("text/csv", "A table with a header: name, role, addresses, apps, expires, disabled, hours; at most 1 MiB.").WithName("ImportUsers")
            .WithSummary("Creates and updates users from a CSV table, all or none; a dry run shows the changes and who would gain or lose access.");
        api.MapGet("/users.csv", (ConfigurationStore configuration) => UserTable.File("users.csv", configuration.Export().Users, configuration.Zone))
            .WithName("ExportUsers").WithSummary("All users as a CSV table that the import accepts.").Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.ChangePreview>, NotFound, ValidationProblem>> ImportAsync(
        Stream body,
        [Description("Dry run: only show what would change.")] bool? dryRun,
        [Description("Apply the change even if it locks out the caller's own address.")] bool? force,
        UserImport import,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var options = new ChangeOptions(dryRun ?? false, force ?? false);
        return AdminApi.Answer(await import.RunAsync(await ReadAsync(body, cancellationToken), options, AdminApi.ActorOf(context), cancellationToken), options);
    }

    /// <summary>The body, up to one byte beyond the limit.</summary>
    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[UserTable.LargestFile + 1];
        var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes[..count];
    }
}
