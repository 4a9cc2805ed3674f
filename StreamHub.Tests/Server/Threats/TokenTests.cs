using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;

namespace StreamHub.Tests.Server.Threats;

/// <summary>Every route that the hub has, with every kind of bearer token, from addresses that are nobody's.</summary>
public sealed class TokenTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private static readonly string[] Open = ["/healthz", "/claim", "/_hub/culture", "/_hub/theme", "/_hub/request"];
    private static readonly string[] Handshake = ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

    private static readonly (string Method, string[] Headers, bool Changes)[] Ways =
    [
        ("GET", ["Accept: text/html"], false), ("HEAD", [], false), ("OPTIONS", [], false), ("GET", Handshake, false),
        ("POST", ["Content-Length: 0"], true), ("PUT", ["Content-Length: 0"], true), ("PATCH", ["Content-Length: 0"], true), ("DELETE", [], true),
    ];

    private int address;

    [Fact]
    public async Task On_the_admin_listener_a_token_opens_the_programs_routes_as_far_as_its_scope_goes()
    {
        // A hub of its own: a token that may write changes what it passes.
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", ThreatHub.Boss);
        var (bad, good) = await TokensAsync(hub);
        var wrong = new List<string>();
        var opened = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Routes(hub))
        {
            foreach (var (method, headers, changes) in Ways)
            {
                foreach (var (kind, header) in bad)
                {
                    var answer = await AskAsync(hub.Admin.Port, method, path, [.. headers, header]);
                    Expect(answer, answer.Status == 401 && answer.Header("WWW-Authenticate") is ["Bearer error=\"invalid_token\""], kind, method, path, wrong);
                }

                foreach (var (scope, header) in good)
                {
                    var answer = await AskAsync(hub.Admin.Port, method, path, [.. headers, header]);
                    var may = path.StartsWith("/hubs/live", StringComparison.Ordinal)
                        || (path is "/openapi/v1.json" or "/readyz" && (!changes || scope == "write"))
                        || (path.StartsWith("/api/v1/", StringComparison.Ordinal) && (!changes || (scope == "write" && !path.StartsWith("/api/v1/tokens", StringComparison.Ordinal))));
                    Expect(answer, may ? answer.Status is not (0 or 401 or 403 or 500) : answer.Status == 403, scope, method, path, wrong);
                    if (may && answer.Status is >= 200 and < 300)
                    {
                        opened.Add(path);
                    }
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
        opened.Should().Contain("/api/v1/apps").And.Contain("/api/v1/audit").And.Contain("/openapi/v1.json").And.NotContain("/").And.NotContain("/users");
    }

    [Fact]
    public async Task On_the_users_listener_no_token_opens_anything_and_none_gets_to_an_app()
    {
        var (bad, good) = await TokensAsync(threats.Hub);
        var wrong = new List<string>();
        foreach (var path in Routes(threats.Hub).Append("/app/sales/").Append("/open/sales/"))
        {
            foreach (var (method, headers, _) in Ways)
            {
                foreach (var (kind, header) in bad.Concat(good))
                {
                    foreach (var source in (string[])[Unregistered(), ThreatHub.Kim])
                    {
                        // What apps use for themselves is not the hub's to judge: only its own tokens are stopped here.
                        var own = kind != "bad";
                        var answer = await RawClient.AskAsync(source, threats.Port(Listener.Users), method, path, [$"Host: {threats.Authority(Listener.Users)}", .. headers, header]);
                        var seen = threats.Seen();
                        if (own && (answer.Status is not (400 or 401 or 403 or 429) || seen.Length > 0))
                        {
                            wrong.Add($"{kind} {source} {method} {path} got {answer.Status}; seen: {string.Join(", ", seen)}");
                        }
                        else if (!own && source != ThreatHub.Kim && !answer.IsRefusal)
                        {
                            wrong.Add($"{kind} {source} {method} {path} got {answer.Status}");
                        }
                    }
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task No_other_spelling_of_a_path_or_of_the_header_helps_a_token()
    {
        var (_, good) = await TokensAsync(threats.Hub);
        var secret = good.Single(token => token.Scope == "write").Header["Authorization: Bearer ".Length..];
        foreach (var path in (string[])["/API/v1/users", "/api/V1/users", "/api/v1x/users", "/api//v1/users", "/./api/v1/users/..//../../users", "/Hubs/live", "/openapi/V1.json", "/openapi/v2.json", "/api", "/%61pi/v1/../../"])
        {
            (await AskAsync(threats.Port(Listener.Admin), "GET", path, [$"Authorization: Bearer {secret}"])).Status.Should().BeOneOf([400, 403, 404], path);
        }

        foreach (var header in (string[])[$"Authorization: Bearer  {secret}", $"Authorization: Bearer {secret} ", $"Authorization: Bearer {secret}x", $"Authorization: Bearer {secret[..^1]}", $"Authorization: Bearer {secret.ToUpperInvariant()}", $"Authorization: Bearer {secret}, Bearer {secret}"])
        {
            (await AskAsync(threats.Port(Listener.Admin), "GET", "/api/v1/users", [header])).Status.Should().Be(header.EndsWith(' ') ? 200 : 401, header);
        }

        (await AskAsync(threats.Port(Listener.Admin), "GET", "/api/v1/users", [$"Authorization: Bearer {secret}", "Authorization: Bearer x"])).Status.Should().Be(401, "not exactly one");
        foreach (var elsewhere in (string[])[$"X-Authorization: Bearer {secret}", $"Proxy-Authorization: Bearer {secret}", $"Cookie: access_token={secret}", $"Authorization: Basic {secret}", $"Authorization: {secret}"])
        {
            (await AskAsync(threats.Port(Listener.Admin), "GET", "/api/v1/users", [elsewhere])).Status.Should().Be(403, elsewhere);
        }

        (await AskAsync(threats.Port(Listener.Admin), "GET", $"/api/v1/users?access_token={secret}", [])).Status.Should().Be(403, "an address is written to logs");
    }

    private static void Expect(RawAnswer answer, bool isRight, string token, string method, string path, List<string> wrong)
    {
        if (!isRight)
        {
            wrong.Add($"{token} {method} {path} got {answer.Status} {answer.Body}");
        }
    }

    /// <summary>Every route but those that are everybody's, with names that are nobody's; one file stands for all files.</summary>
    private static IEnumerable<string> Routes(FullHub hub) => hub.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .Select(endpoint => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "id" } => "7",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "documentName" } => "v1",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "nobody",
            _ => ".",
        })))))
        .Where(path => !Open.Contains(path))
        .Append("/admin/admin.css")
        .Distinct(StringComparer.Ordinal);

    private static async Task<((string Kind, string Header)[] Bad, (string Scope, string Header)[] Good)> TokensAsync(FullHub hub)
    {
        var names = Guid.NewGuid().ToString("N");
        var (revoked, ended) = (await CreateAsync(hub, $"r{names}", "write"), BearerToken.Create());
        (await hub.Tokens.RevokeAsync($"r{names}", FullHub.Actor, default)).Errors.Should().BeEmpty();
        await using (var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync())
        {
            db.ApiTokens.Add(new ApiTokenRow { Hash = BearerToken.Hash(ended), Name = $"e{names}", Scope = "write", Expires = DateTimeOffset.UnixEpoch });
            await db.SaveChangesAsync();
        }

        await hub.Get<ConfigurationLoader>().ReloadAsync(default);
        return (
            [("bad", "Authorization: bearer nonsense"), ("unknown", Header(BearerToken.Create())), ("revoked", Header(revoked)), ("expired", Header(ended))],
            [("read", Header(await CreateAsync(hub, $"a{names}", "read"))), ("write", Header(await CreateAsync(hub, $"b{names}", "write")))]);
    }

    private static async Task<string> CreateAsync(FullHub hub, string name, string scope)
    {
        var (result, secret) = await hub.Tokens.CreateAsync(new TokenEntry { Name = name, Scope = scope }, FullHub.Actor, default);
        result.Errors.Should().BeEmpty();
        return secret!;
    }

    private static string Header(string secret) => $"Authorization: Bearer {secret}";

    /// <summary>An address of one's own for each request: a few wrong tokens of one are told so, more are told to wait.</summary>
    private string Unregistered() => $"127.1.{++address / 250}.{(address % 250) + 1}";

    private Task<RawAnswer> AskAsync(int port, string method, string path, string[] headers) =>
        RawClient.AskAsync(Unregistered(), port, method, path, [$"Host: 127.0.0.1:{port}", .. headers]);
}
