using Microsoft.AspNetCore.Routing;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T1, T9, T38: every route that the hub has, however it is asked, is closed to those it is not for.</summary>
public sealed class RouteTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private static readonly string[] OpenToAll = ["/healthz", "/_hub/culture", "/_hub/theme", "/_hub/assets/"];

    /// <summary>A request as method and headers; what asks to switch protocols comes from the hub's own origin.</summary>
    private static readonly (string Method, string[] Headers)[] Ways =
    [
        ("GET", ["Accept: text/html"]), ("GET", ["Accept: */*"]), ("HEAD", []), ("POST", ["Content-Length: 0"]), ("PUT", ["Content-Length: 0"]), ("DELETE", []), ("OPTIONS", []),
        ("GET", ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]),
        ("GET", ["Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"]),
        ("CONNECT", [":protocol: websocket"]), ("CONNECT", ["Upgrade: websocket", "Connection: close, Upgrade"]),
    ];

    /// <summary>What leaks in other servers.</summary>
    private static readonly string[] Debug =
    [
        "/metrics", "/openapi/v1.json", "/swagger", "/swagger/index.html", "/swagger/v1/swagger.json", "/_framework/blazor.web.js", "/_framework/debug", "/_framework/", "/_blazor", "/_blazor/negotiate",
        "/_blazor/initializers", "/_blazor/disconnect", "/hubs/live", "/hubs/live/negotiate", "/api/v1/apps", "/api/v1/users", "/api/v1/audit", "/api", "/readyz", "/health", "/debug", "/trace", "/elmah.axd", "/trace.axd",
        "/appsettings.json", "/web.config", "/hub.db", "/data/hub.db", "/.git/config", "/.env", "/admin", "/admin/boot.js", "/_content/MudBlazor/MudBlazor.min.js", "/claim", "/logs", "/audit", "/settings", "/users", "/_vs/browserLink",
    ];

    [Fact]
    public async Task A_stranger_gets_nothing_from_any_route_in_any_way()
    {
        var wrong = new List<string>();
        foreach (var (listener, path) in Routes().SelectMany(path => new[] { (Listener.Users, path), (Listener.Admin, path) }).Where(route => !IsOpenToAll(route.path) && route.path != "/claim"
            && route is not (Listener.Users, "/_hub/request")))
        {
            // Unregistered ask for access at that one: it tells them of their own request only (RequestTests).
            await RefusedAsync(ThreatHub.Unregistered, listener, path, wrong);
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task A_user_gets_nothing_from_any_route_of_the_admin_listener()
    {
        var wrong = new List<string>();
        foreach (var path in Routes().Where(path => !IsOpenToAll(path) && path != "/claim"))
        {
            await RefusedAsync(ThreatHub.Kim, Listener.Admin, path, wrong);
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task The_users_listener_has_no_route_of_the_admins_even_for_an_admin()
    {
        var wrong = new List<string>();
        string[] admins = [.. Routes(endpoint => endpoint.Metadata.GetMetadata<ListenerMetadata>()?.Listeners.Contains(Listener.Users) != true)];
        admins.Should().Contain("/api/v1/apps").And.Contain("/_blazor").And.Contain("/claim").And.Contain("/readyz");

        // "/" is both the fleet and the users' home.
        foreach (var path in admins.Where(path => path != "/"))
        {
            await RefusedAsync(ThreatHub.Boss, Listener.Users, path, wrong);
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_left_open_for_debugging()
    {
        var wrong = new List<string>();
        foreach (var persona in (string[])[ThreatHub.Unregistered, ThreatHub.Kim, ThreatHub.Boss])
        {
            foreach (var path in Debug)
            {
                await RefusedAsync(persona, Listener.Users, path, wrong);
            }
        }

        foreach (var listener in Enum.GetValues<Listener>())
        {
            foreach (var path in (string[])["/", "/app/sales/", "/app/sales/x", "/api/v1/apps", "/healthz", "/nothing", "*"])
            {
                foreach (var method in (string[])["TRACE", "TRACK", "DEBUG", "CONNECT", "PROPFIND"])
                {
                    var answer = await threats.AskAsync(ThreatHub.Boss, listener, method, path, "X-Secret: echo-me");
                    if (!(answer.IsRefusal || (method is "TRACK" or "DEBUG" or "PROPFIND" && path.StartsWith("/app/", StringComparison.Ordinal))) || answer.Body.Contains("echo-me"))
                    {
                        wrong.Add($"{listener} {method} {path} got {answer.Status}");
                    }
                }
            }
        }

        threats.Seen().Should().NotContain(seen => seen.Contains("TRACE") || seen.Contains("CONNECT"));
        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Theory]
    [InlineData(Listener.Users)]
    [InlineData(Listener.Admin)]
    public async Task HTTP_2_is_not_spoken_in_the_clear(Listener listener)
    {
        // RFC 9113, 3.4: the preface, an empty SETTINGS frame, and HEADERS of :method CONNECT (HPACK literal).
        byte[] frames = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 10, 1, 4, 0, 0, 0, 1, 0x02, 7, .. "CONNECT"u8, 0x84];
        var answer = await RawClient.SendAsync(ThreatHub.Boss, threats.Port(listener), frames);
        answer.IsRefusal.Should().BeTrue($"it got {answer}");
        threats.Seen().Should().BeEmpty();
    }

    private static bool IsOpenToAll(string path) => OpenToAll.Any(open => open.EndsWith('/') ? path.StartsWith(open, StringComparison.Ordinal) : path == open);

    private IEnumerable<string> Routes(Func<Microsoft.AspNetCore.Http.Endpoint, bool>? filter = null) => threats.Hub.Get<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => filter?.Invoke(endpoint) ?? true)
        .Select(endpoint => Fill(endpoint.RoutePattern))
        .Distinct(StringComparer.Ordinal);

    private static string Fill(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "rest" } => "sales/",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "name" } => "kim",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "sales",
        _ => ".",
    }))));

    private async Task RefusedAsync(string persona, Listener listener, string path, List<string> wrong)
    {
        foreach (var (method, headers) in Ways)
        {
            var answer = await threats.AskAsync(persona, listener, method, path, [.. headers, $"Origin: http://{threats.Authority(listener)}"]);
            var seen = threats.Seen();
            if (!answer.IsRefusal || seen.Length > 0 || answer.Body.Contains("content of"))
            {
                wrong.Add($"{persona} {listener} {method} {path} ({string.Join(", ", headers)}) got {answer.Status}; seen: {string.Join(", ", seen)}");
            }
        }
    }
}
