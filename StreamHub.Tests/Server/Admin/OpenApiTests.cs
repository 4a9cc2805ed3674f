using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace StreamHub.Tests.Server.Admin;

/// <summary>The API's description against the routes that there are.</summary>
public sealed partial class OpenApiTests : IAsyncLifetime
{
    private FullHub hub = null!;
    private JsonElement document;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", "127.0.0.1");
        using var client = new HttpClient { BaseAddress = hub.Admin };
        document = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public void Every_route_is_described_with_its_parameters_body_and_answers()
    {
        var wrong = new List<string>();
        foreach (var (path, method, handler) in Routes())
        {
            if (!document.GetProperty("paths").TryGetProperty(path, out var item) || !item.TryGetProperty(method, out var operation))
            {
                wrong.Add($"{method} {path} is missing");
                continue;
            }

            wrong.AddRange(Faults(operation, path, handler).Select(fault => $"{method} {path}: {fault}"));
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public void Nothing_is_described_that_is_not_there()
    {
        var routes = Routes().Select(route => $"{route.Method} {route.Path}").ToHashSet(StringComparer.Ordinal);
        routes.Should().HaveCountGreaterThan(30);
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}")).Should().BeSubsetOf(routes);
    }

    [Fact]
    public void Tokens_are_described_and_where_none_is_taken()
    {
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer");
        (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()).Should().Be(("http", "bearer"));
        document.GetProperty("security").EnumerateArray().Select(requirement => string.Join(',', requirement.EnumerateObject().Select(one => one.Name))).Should().BeEquivalentTo(["", "bearer"]);
        var tokens = document.GetProperty("paths").GetProperty("/api/v1/tokens");
        tokens.GetProperty("post").GetProperty("security").EnumerateArray().Should().ContainSingle().Which.EnumerateObject().Should().BeEmpty();
        tokens.GetProperty("get").TryGetProperty("security", out _).Should().BeFalse("it is as everywhere");
    }

    [Fact]
    public void Bodies_say_what_they_hold()
    {
        Members("/api/v1/users/{name}", "put").Should().Contain("name").And.Contain("addresses").And.Contain("hours");
        Members("/api/v1/apps", "post").Should().Contain("slug").And.Contain("idleTimeout");
        Members("/api/v1/tokens", "post").Should().BeEquivalentTo(["name", "scope", "expires"]);
        Body("/api/v1/users/import", "post", "text/csv").GetProperty("type").GetString().Should().Be("string");
    }

    private IEnumerable<string> Members(string path, string method)
    {
        var schema = Body(path, method, "application/json");
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return schema.GetProperty("properties").EnumerateObject().Select(member => member.Name);
    }

    private JsonElement Body(string path, string method, string type) => document.GetProperty("paths").GetProperty(path).GetProperty(method)
        .GetProperty("requestBody").GetProperty("content").GetProperty(type).GetProperty("schema");

    private static IEnumerable<string> Faults(JsonElement operation, string path, MethodInfo handler)
    {
        if (!operation.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 10 })
        {
            yield return "no summary";
        }

        var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToArray() : [];
        foreach (var parameter in parameters.Where(parameter => !parameter.TryGetProperty("description", out var words) || words.GetString() is not { Length: > 5 }))
        {
            yield return $"no word on the parameter {parameter.GetProperty("name").GetString()}";
        }

        var described = parameters.Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}").ToArray();
        var inPath = Parameter().Matches(path).Select(match => match.Groups[1].Value).ToArray();
        var expected = inPath.Select(name => $"path {name}")
            .Concat(Queries(handler.GetParameters()).Where(name => !inPath.Contains(name)).Select(name => $"query {name}")).ToArray();
        if (!described.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            yield return $"parameters are {string.Join(", ", expected)}; described are {string.Join(", ", described)}";
        }

        var takesBody = handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(JsonElement) || parameter.ParameterType == typeof(Stream));
        if (takesBody != operation.TryGetProperty("requestBody", out _))
        {
            yield return takesBody ? "no body" : "a body that is not read";
        }

        var answers = operation.GetProperty("responses").EnumerateObject().ToDictionary(answer => answer.Name, answer => answer.Value, StringComparer.Ordinal);
        string[] needed = ["401", "403", .. takesBody || expected.Length > 0 ? ["400"] : Array.Empty<string>(), .. inPath.Length > 0 ? ["404"] : Array.Empty<string>()];
        foreach (var answer in needed.Except(answers.Keys, StringComparer.Ordinal))
        {
            yield return $"no answer {answer}";
        }

        if (!answers.TryGetValue("200", out var good) || !good.TryGetProperty("content", out var content) || content.EnumerateObject().Any(type => type.Name.EndsWith("json", StringComparison.Ordinal) && !type.Value.TryGetProperty("schema", out _)))
        {
            yield return "no answer 200 that says what it holds";
        }
    }

    /// <summary>What a handler reads of the query: simple values, and those of its groups of parameters.</summary>
    private static IEnumerable<string> Queries(IEnumerable<ParameterInfo> parameters) => parameters.SelectMany(parameter =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            ? parameter.ParameterType.GetProperties().Where(property => IsSimple(property.PropertyType) && property.SetMethod is not null).Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name ?? Camel(property.Name))
            : IsSimple(parameter.ParameterType) ? [parameter.Name!] : []);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static bool IsSimple(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { } real && (real == typeof(string) || real == typeof(bool) || real == typeof(int) || real == typeof(long) || real == typeof(DateTimeOffset));

    private IEnumerable<(string Path, string Method, MethodInfo Handler)> Routes() =>
        from endpoint in hub.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText?.StartsWith("/api/v1", StringComparison.Ordinal) == true
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (Constraint().Replace(endpoint.RoutePattern.RawText!, "{$1}"), method.ToLowerInvariant(), endpoint.Metadata.GetRequiredMetadata<MethodInfo>());

    [GeneratedRegex(@"\{(\w+):[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
