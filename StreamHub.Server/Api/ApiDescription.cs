using Microsoft.OpenApi;

namespace StreamHub.Server.Api;

/// <summary>Completes <c>/openapi/v1.json</c>: authentication, refusals and common parameters.</summary>
internal static class ApiDescription
{
    private const string Scheme = "bearer";
    private const string Routes = "api/v1/";

    /// <summary>Descriptions of parameters that several routes share.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["slug"] = "The app's slug.",
        ["name"] = "The user's or the token's name.",
        ["id"] = "The request's number.",
        ["user"] = "Whose instance, where an app has one for each user.",
        ["drain"] = "Whether open sessions may stay on the old run until the drain time ends; true when left out.",
        ["why"] = "What the people on the old run are told.",
        ["text"] = "What visitors are told.",
        ["until"] = "When it ends by itself; an instant with its offset.",
        ["note"] = "A note for the visitor.",
        ["open"] = "Those that wait (true, when left out), or those that were decided.",
        ["force"] = "Apply the change even if it locks out the caller's own address.",
        ["dryRun"] = "Change nothing; say what would change, and who would gain and lose access.",
        ["address"] = "The visitor's IP address.",
        ["app"] = "The slug of the app that is asked for.",
        ["before"] = "Only entries with smaller numbers: where the part before ended.",
        ["limit"] = "How many entries at most.",
    };

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith(Routes, StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, _, _) =>
        {
            Describe(operation);
            return Task.CompletedTask;
        });
    });

    /// <summary>Describes a JSON body; handlers parse it strictly from a <see cref="System.Text.Json.JsonElement"/>.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route)
        where T : notnull => route.Accepts<T>("application/json").AddOpenApiOperationTransformer(static async (operation, context, cancellationToken) => operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken) } },
        });

    /// <summary>Describes a text body with its media type.</summary>
    public static RouteHandlerBuilder TakesText(this RouteHandlerBuilder route, string type, string description) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [type] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
        };
        return Task.CompletedTask;
    });

    /// <summary>Marks a route that accepts no bearer token.</summary>
    public static RouteHandlerBuilder TakesNoToken(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer(static (operation, _, _) =>
    {
        operation.Security = [new OpenApiSecurityRequirement()];
        return Task.CompletedTask;
    });

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StreamHub",
            Version = "v1",
            Description = "The admin listener's API. An admin's address may use all of it, and names the hub's own origin in the header Origin where it changes something; a script elsewhere sends a bearer token.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            Description = "A token made on the settings page, by 'tokens create' or by POST /api/v1/tokens. With the scope read it may only ask.",
        };

        // Requests from an admin's address need no token.
        document.Security = [new OpenApiSecurityRequirement(), new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
    }

    private static void Describe(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name ?? "");
        }

        operation.Responses ??= [];
        operation.Responses.TryAdd("401", new OpenApiResponse { Description = "The bearer token is unknown, revoked or expired." });
        operation.Responses.TryAdd("403", new OpenApiResponse { Description = "The address is no admin's, the token may not do this, or the origin is another or missing." });
        operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many requests, or wrong tokens, from this address." });
        if (operation.Parameters is { Count: > 0 } || operation.RequestBody is not null)
        {
            operation.Responses.TryAdd("400", new OpenApiResponse { Description = "A parameter or the body cannot be read." });
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
        {
            operation.Responses.TryAdd("404", new OpenApiResponse { Description = "There is nothing of that name." });
        }
    }
}
