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
            .WithSummary("Creates and updates users by name from a table, all or none; a dry run says what would change and who would gain and lose access.");
        api.MapGet("/users.csv", (ConfigurationStore configuration) => UserTable.File("users.csv", configuration.Export().Users, configuration.Zone))
            .WithName("ExportUsers").WithSummary("The users as a table that the import reads.").Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.Rehearsal>, NotFound, ValidationProblem>> ImportAsync(
        Stream body,
        [Description("Change nothing; say what would change.")] bool? dryRun,
        [Description("Change it even though it locks out the address that asks.")] bool? force,
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
