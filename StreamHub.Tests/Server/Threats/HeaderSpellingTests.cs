using Microsoft.AspNetCore.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T11, T20, T21, T23: nobody says who they are by a header, and cookies stay on their side.</summary>
public sealed class HeaderSpellingTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    /// <summary>An admin's address; no value with it may reach an app.</summary>
    private const string Spoof = ThreatHub.Boss;

    private static readonly string[] Addresses =
    [
        "X-Forwarded-For: " + Spoof, "x-forwarded-for: " + Spoof, "X-FORWARDED-FOR: " + Spoof, "X_Forwarded_For: " + Spoof, "X-Forwarded_For: " + Spoof, "X-Forwarded-For: " + Spoof + ", 127.0.0.40", "X-Forwarded-For:\t" + Spoof,
        "X-Forwarded-For: " + Spoof + "|X-Forwarded-For: " + Spoof, "X-Forwarded-For: ::ffff:" + Spoof, "X-Forwarded: for=" + Spoof, "Forwarded: for=" + Spoof, "Forwarded: for=\"[::ffff:" + Spoof + "]\"", "Forwarded-For: " + Spoof, "X-Real-IP: " + Spoof, "X_Real_IP: " + Spoof,
        "X-Original-Forwarded-For: " + Spoof, "X-Original-For: " + Spoof, "X-Original-Host: " + Spoof, "X-Original-Remote-Addr: " + Spoof, "CF-Connecting-IP: " + Spoof, "CF-Connecting-IPv6: " + Spoof, "True-Client-IP: " + Spoof, "X-Client-IP: " + Spoof, "Client-IP: " + Spoof, "X-Cluster-Client-IP: " + Spoof,
        "Fastly-Client-IP: " + Spoof, "Fly-Client-IP: " + Spoof, "X-ProxyUser-IP: " + Spoof, "X-Remote-IP: " + Spoof, "X-Remote-Addr: " + Spoof, "Remote-Addr: " + Spoof, "REMOTE_ADDR: " + Spoof, "X-Forwarded-Host: " + Spoof, "X-Forwarded-Server: " + Spoof, "X-Forwarded-Port: " + Spoof,
        "X-Forwarded-Prefix: /" + Spoof, "X-Rewrite-URL: /" + Spoof, "X-Original-URL: /" + Spoof, "Connection: close, X-Forwarded-For|X-Forwarded-For: " + Spoof,
    ];

    private static readonly string[] Identities =
    [
        "X-StreamHub-User", "x-streamhub-user", "X-STREAMHUB-USER", "X_StreamHub_User", "X-StreamHub_User", "X_STREAMHUB-USER", "X-StreamHub-Role", "X_StreamHub_Role", "x-streamhub-role", "X-StreamHub-Anything", "X-Forwarded-User", "X_Forwarded_User",
        "X-Forwarded-Email", "X-Forwarded-Groups", "X-Forwarded-Preferred-Username", "X-Forwarded-Access-Token", "Remote-User", "REMOTE_USER", "Remote-Groups", "X-Remote-User", "X_Remote_User", "X-Auth-User", "X-Auth-Request-User", "X-Auth-Request-Email", "X-Authenticated-User",
        "X-WebAuth-User", "X-Authentik-Username", "X-Goog-Authenticated-User-Email", "X-Goog-IAP-JWT-Assertion", "X-MS-Client-Principal-Name", "X-Amzn-OIDC-Identity", "CF-Access-Authenticated-User-Email",
    ];

    [Fact]
    public async Task A_header_makes_nobody_somebody_else()
    {
        Addresses.Should().HaveCountGreaterThan(30);
        var wrong = new List<string>();
        foreach (var spoof in Addresses)
        {
            string[] headers = ["Accept: text/html", .. spoof.Split('|')];
            var stranger = await threats.AskAsync(ThreatHub.Unregistered, Listener.Users, "GET", "/", headers);
            var opened = await threats.AskAsync(ThreatHub.Unregistered, Listener.Users, "GET", "/app/sales/", headers);
            var fleet = await threats.AskAsync(ThreatHub.Kim, Listener.Admin, "GET", "/api/v1/users", headers);
            threats.Seen().Should().BeEmpty();
            var kim = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", headers);
            var seen = threats.Sales.Seen.Single().Headers;
            threats.Seen();
            if ((stranger.Status, opened.Status, fleet.Status, kim.Status) != (403, 403, 403, 200) || !stranger.Body.Contains(ThreatHub.Unregistered) || stranger.Body.Contains(Spoof) || seen["X-Forwarded-For"] != ThreatHub.Kim || IsSpoofed(seen))
            {
                wrong.Add($"{spoof}: {stranger.Status} {opened.Status} {fleet.Status} {kim.Status} {Text(seen)}");
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_is_told_who_asks_by_the_hub_alone()
    {
        var wrong = new List<string>();
        foreach (var name in Identities)
        {
            string[][] ways =
            [
                [$"{name}: {Spoof}"], [$"{name}: {Spoof}", $"{name}: {Spoof}"], [$"{name}:{Spoof}"], [$"{name}: {Spoof}", $"Connection: close, {name}"], [$"Connection: close, X-StreamHub-User, X-StreamHub-Role, {name}"],
                [$"Connection: {name}", $"Connection: X-Forwarded-For, X-StreamHub-User", "Connection: close", $"{name}: {Spoof}"], [$"Keep-Alive: {name}", $"{name}: {Spoof}"],
            ];
            foreach (var headers in ways)
            {
                var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", headers);
                var seen = threats.Sales.Seen.Single().Headers;
                threats.Seen();
                if (answer.Status != 200 || IsSpoofed(seen) || seen.GetValueOrDefault("X-StreamHub-User") != "kim" || seen.GetValueOrDefault("X-StreamHub-Role") != "user" || seen.GetValueOrDefault("X-Forwarded-For") != ThreatHub.Kim
                    || seen.Keys.Count(key => key.Replace('_', '-').StartsWith("X-StreamHub-", StringComparison.OrdinalIgnoreCase)) != 3
                    || seen.GetValueOrDefault("X-StreamHub-Pairing") is not { Length: 64 })
                {
                    wrong.Add($"{string.Join(" | ", headers)} got {answer.Status}: {Text(seen)}");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_does_not_speak_for_the_hub_or_rule_its_neighbours()
    {
        string[] names = ["X-StreamHub-User", "X_StreamHub_Role", "X-Forwarded-For", "Forwarded", "Alt-Svc", "Clear-Site-Data", "NEL", "Report-To", "Reporting-Endpoints", "Service-Worker-Allowed", "Strict-Transport-Security", "Public-Key-Pins"];
        threats.Sales.Answer = context =>
        {
            foreach (var name in names)
            {
                context.Response.Headers[name] = "spoofed";
            }

            context.Response.Headers["X-Own"] = "kept";
            return Task.CompletedTask;
        };
        var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/");
        threats.Reset();
        answer.Status.Should().Be(200);
        answer.Header("X-Own").Should().Equal("kept");
        answer.Head.Should().NotContain("spoofed");
    }

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData(".StreamHub.Culture=c; a=1; .AspNetCore.Antiforgery.x=y; b=2", "a=1; b=2")]
    [InlineData(".streamhub.theme=dark", null)]
    [InlineData(".ASPNETCORE.Session=x;.StreamHub.x=1", null)]
    [InlineData("a=1;.StreamHub.x=1;b=2", "a=1; b=2")]
    [InlineData("a=1; =.StreamHub.x=1", "a=1")]
    [InlineData("a=1;\t.StreamHub.x=1", "a=1")]
    [InlineData("a=1|.StreamHub.x=1|b=2", "a=1; b=2")]
    [InlineData("a=.StreamHub.x", "a=.StreamHub.x")]
    [InlineData(";;; ;", null)]
    public async Task The_hubs_cookies_do_not_reach_an_app(string sent, string? received)
    {
        await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", [.. sent.Split('|').Select(line => "Cookie: " + line)]);
        threats.Sales.Seen.Single().Headers.GetValueOrDefault("Cookie").Should().Be(received);
        threats.Seen();
    }

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1; Path=/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; Path=/app/sales", "a=1; Path=/app/sales")]
    [InlineData("a=1; Path=/app/sales/sub", "a=1; Path=/app/sales/sub")]
    [InlineData("a=1; Path=/app/salesx/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; Path=/app/sales%2f..%2fsalesx/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; path=/; PATH=/app/salesx/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; path=/app/sales/; PATH=/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; Path =/; Path", "a=1")]
    [InlineData("a=1; Path=sub", "a=1")]
    [InlineData("a=1;Path=/;Domain=example.org;HttpOnly", "a=1; HttpOnly; Path=/app/sales/")]
    [InlineData("a=1; domain=.127.0.0.1; DOMAIN=x; Domain", "a=1")]
    [InlineData("a=1;\tDomain=x;\tPath=/", "a=1; Path=/app/sales/")]
    [InlineData("a=1; Domain\t=x; Path \t = /; Domains=kept", "a=1; Domains=kept; Path=/app/sales/")]
    [InlineData("a=1; Secure; SameSite=None; Max-Age=9; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/", "a=1; Secure; SameSite=None; Max-Age=9; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/app/sales/")]
    [InlineData(".StreamHub.Culture=c%3Dko; Path=/", null)]
    [InlineData(".streamhub.theme=dark", null)]
    [InlineData(".AspNetCore.Antiforgery.x=y", null)]
    [InlineData("=.StreamHub.Theme=dark", null)]
    [InlineData(" = .StreamHub.Theme=dark", null)]
    [InlineData("", null)]
    [InlineData(";Path=/", null)]
    public async Task An_apps_cookies_stay_at_its_address(string set, string? kept)
    {
        threats.Sales.Answer = context =>
        {
            context.Response.Headers.SetCookie = set;
            return Task.CompletedTask;
        };
        var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/");
        threats.Reset();
        answer.Header("Set-Cookie").Should().Equal(kept is null ? [] : [kept]);
    }

    private static bool IsSpoofed(Dictionary<string, string> headers) => headers.Any(header => header.Key is not "Host" && header.Value.Contains(Spoof));

    private static string Text(Dictionary<string, string> headers) => string.Join("; ", headers.Select(header => $"{header.Key}={header.Value}"));
}
