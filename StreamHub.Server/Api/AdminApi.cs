using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Access;
using StreamHub.Server.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.History;
using StreamHub.Server.Listeners;
using StreamHub.Server.Requests;
using StreamHub.Server.Settings;
using StreamHub.Server.Telemetry;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users.Import;

namespace StreamHub.Server.Api;

/// <summary>The REST API, under <c>/api/v1</c> of the admin listener.</summary>
internal static class AdminApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").OnListener(Listener.Admin);

        // Access is decided by the client address or token, and OriginCheck handles CSRF; no antiforgery token is required.
        api.DisableAntiforgery();
        api.MapGet("/apps", (ConfigurationStore configuration) => TypedResults.Ok(configuration.Export().Apps)).WithName("ListApps").WithSummary("All apps, in the form of the declarative file.");
        api.MapPost("/apps", (JsonElement body, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken ct) =>
            SaveAppAsync(body, null, configuration, editor, context, ct)).Takes<AppEntry>().WithName("CreateApp").WithSummary("Creates an app.");
        api.MapPut("/apps/{slug}", (string slug, JsonElement body, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken ct) =>
            SaveAppAsync(body, slug, configuration, editor, context, ct)).Takes<AppEntry>().WithName("SaveApp").WithSummary("Creates or changes the app named in the path.");
        api.MapDelete("/apps/{slug}", async (string slug, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken ct) =>
            configuration.Export().Apps.Any(app => app.Slug == slug) || configuration.Current.Unreadable.Any(entry => entry.Kind == "app" && entry.Key == slug)
                ? Answer(await editor.RemoveAppAsync(slug, ActorOf(context), ct))
                : TypedResults.NotFound()).WithName("RemoveApp").WithSummary("Removes an app; its runs are stopped.");
        foreach (var verb in (string[])["start", "stop", "restart"])
        {
            api.MapPost($"/apps/{{slug}}/{verb}", (string slug, [AsParameters] ActOptions options, ConfigurationStore configuration, AppControl control, HttpContext context, CancellationToken ct) =>
                ActAsync(slug, verb, options, configuration, control, context, ct)).WithName($"{verb}App").WithSummary($"Asks for the {verb} of an app's instance.");
        }

        api.MapGet("/instances", (LiveFeed feed) => TypedResults.Ok(feed.Current?.Instances ?? (IReadOnlyList<InstanceSample>)[])).WithName("ListInstances").WithSummary("The running instances, with CPU, memory and sessions.");
        api.MapGet("/users", (ConfigurationStore configuration) => TypedResults.Ok(configuration.Export().Users)).WithName("ListUsers").WithSummary("All users, in the form of the declarative file.");
        api.MapGet("/users/{name}", FindUser).WithName("GetUser").WithSummary("One user, in the form of the declarative file.");
        api.MapPut("/users/{name}", SaveUserAsync).Takes<UserEntry>().WithName("SaveUser").WithSummary("Creates or changes the user named in the path; another name in the body renames the user.");
        api.MapDelete("/users/{name}", RemoveUserAsync).WithName("RemoveUser").WithSummary("Removes a user. At least one admin must remain.");
        api.MapGet("/schema", () => TypedResults.Text(EntrySchema.Text, EntrySchema.ContentType)).WithName("GetSchema").WithSummary("The JSON Schema of the declarative file. Use its URL as the file's $schema, for completion in an editor.").Produces<System.Text.Json.Nodes.JsonObject>(StatusCodes.Status200OK, EntrySchema.ContentType);
        MaintenanceApi.Map(api);
        AccessApi.Map(api);
        HistoryApi.Map(api);
        RequestApi.Map(api);
        AuditApi.Map(api);
        TokenApi.Map(api);
        ImportApi.Map(api);
        endpoints.MapOpenApi().OnListener(Listener.Admin);
    }

    private static Results<Ok<UserEntry>, NotFound> FindUser(string name, ConfigurationStore configuration) =>
        configuration.Export().Users.FirstOrDefault(user => user.Name == name) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    /// <summary>Creates or updates the app with the slug in the path.</summary>
    private static async Task<Results<Ok<IReadOnlyList<string>>, NotFound, ValidationProblem>> SaveAppAsync(
        JsonElement body, string? slug, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken cancellationToken)
    {
        var errors = new List<EntryError>();
        var entry = EntryJson.Read<AppEntry>(body, errors);
        if (slug is not null && entry.Slug.Length == 0)
        {
            entry.Slug = slug;
        }

        if (slug is not null && entry.Slug != slug)
        {
            errors.Add(new EntryError("slug", $"'{entry.Slug}' is not the slug of the address, '{slug}'"));
        }

        var original = configuration.Export().Apps.Any(app => app.Slug == slug) ? slug : null;
        return errors.Count > 0
            ? Answer(ChangeResult.Refused(errors))
            : Answer(await editor.SaveAppAsync(entry, original, ActorOf(context), cancellationToken, strict: true));
    }

    /// <summary>
    /// Creates or updates the user in the path; another name in the body renames the user. A dry run returns who would gain or lose access.
    /// </summary>
    private static async Task<Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.ChangePreview>, NotFound, ValidationProblem>> SaveUserAsync(
        string name, JsonElement body, bool? force, bool? dryRun, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken cancellationToken)
    {
        var errors = new List<EntryError>();
        var entry = EntryJson.Read<UserEntry>(body, errors);
        var original = configuration.Export().Users.Any(user => user.Name == name) ? name : null;
        if (entry.Name.Length == 0)
        {
            entry.Name = name;
        }

        if (original is null && entry.Name != name)
        {
            errors.Add(new EntryError("name", $"there is no user '{name}' to rename to '{entry.Name}'"));
        }

        var options = new ChangeOptions(dryRun ?? false, force ?? false);
        return errors.Count > 0
            ? Answer(ChangeResult.Refused(errors), options)
            : Answer(await editor.SaveUserAsync(entry, original, options, ActorOf(context), cancellationToken), options);
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.ChangePreview>, NotFound, ValidationProblem>> RemoveUserAsync(
        string name, bool? force, bool? dryRun, ConfigurationStore configuration, ConfigurationEditor editor, HttpContext context, CancellationToken cancellationToken)
    {
        if (configuration.Export().Users.All(user => user.Name != name))
        {
            return TypedResults.NotFound();
        }

        var options = new ChangeOptions(dryRun ?? false, force ?? false);
        return Answer(await editor.RemoveUserAsync(name, options, ActorOf(context), cancellationToken), options);
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, NotFound, ValidationProblem>> ActAsync(
        string slug, string verb, ActOptions options, ConfigurationStore configuration, AppControl control, HttpContext context, CancellationToken cancellationToken)
    {
        if (!AppSlug.TryParse(slug, out var app) || configuration.Export().Apps.All(known => known.Slug != slug))
        {
            return TypedResults.NotFound();
        }

        UserName? whose = null;
        if (options.User is not null)
        {
            if (!UserName.TryParse(options.User, out var name))
            {
                return Answer(ChangeResult.Refused(new EntryError("user", $"'{options.User}' is not a name: {UserName.Expected}")));
            }

            whose = name;
        }

        var key = new InstanceKey(app, whose);
        var actor = ActorOf(context);
        return Answer(verb switch
        {
            "start" => await control.StartAsync(key, actor, cancellationToken),
            "stop" => await control.StopAsync(key, options.Text, options.Until, actor, cancellationToken),
            _ => await control.RestartAsync(key, options.Drain ?? true, options.Why, actor, cancellationToken),
        });
    }

    /// <summary>Options to start, stop or restart an app.</summary>
    /// <param name="User">The user of the instance, for an app with one per user.</param>
    /// <param name="Drain">Restart: whether open sessions may stay until the drain time ends; default true.</param>
    /// <param name="Why">Restart: the message to the people on the old run.</param>
    /// <param name="Text">Stop: the message to visitors.</param>
    /// <param name="Until">Stop: when the hold ends automatically.</param>
    internal sealed record ActOptions(
        [property: FromQuery(Name = "user")] string? User,
        [property: FromQuery(Name = "drain")] bool? Drain,
        [property: FromQuery(Name = "why")] string? Why,
        [property: FromQuery(Name = "text")] string? Text,
        [property: FromQuery(Name = "until")] DateTimeOffset? Until);

    private static Results<Ok<IReadOnlyList<string>>, NotFound, ValidationProblem> Answer(ChangeResult result) =>
        result.Succeeded ? TypedResults.Ok(Lines(result)) : Problem(result);

    internal static Results<Ok<IReadOnlyList<string>>, Ok<AccessApi.ChangePreview>, NotFound, ValidationProblem> Answer(ChangeResult result, ChangeOptions options) =>
        !result.Succeeded ? Problem(result)
        : options.Plan ? TypedResults.Ok(AccessApi.Plan(result))
        : TypedResults.Ok(Lines(result));

    private static IReadOnlyList<string> Lines(ChangeResult result) => [.. result.Changes, .. result.Overlaps.Select(overlap => $"warning: {overlap}")];

    internal static ValidationProblem Problem(ChangeResult result) => TypedResults.ValidationProblem(result.Errors
        .GroupBy(error => error.Path, StringComparer.Ordinal)
        .ToDictionary(errors => errors.Key, errors => errors.Select(error => error.Message).ToArray(), StringComparer.Ordinal));

    internal static Actor ActorOf(HttpContext context)
    {
        var caller = context.Caller();
        return new Actor(caller.Script?.Name.Actor ?? context.Visitor().User.Name.ToString(), caller.Address.ToString());
    }
}
