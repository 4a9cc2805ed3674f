using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T6, T7, T8, T16: a page from elsewhere in a visitor's browser opens no socket and presses no button, and no foreign name leads here.</summary>
public sealed class OriginTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private static readonly string[] Handshake = ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

    /// <summary>Sockets and what leads to them, with what the right origin gets.</summary>
    private static readonly (Listener Listener, string Method, string Target, string[] Headers, int Status)[] Sockets =
    [
        (Listener.Admin, "GET", "/_blazor", Handshake, 101),
        (Listener.Admin, "GET", "/_Blazor", Handshake, 101),
        (Listener.Admin, "POST", "/_blazor/negotiate?negotiateVersion=1", ["Content-Length: 0"], 200),
        (Listener.Admin, "GET", "/_blazor?id=x", [], 404),
        (Listener.Admin, "POST", "/_blazor?id=x", ["Content-Length: 0"], 404),
        (Listener.Admin, "POST", "/_blazor/disconnect", ["Content-Length: 0"], 400),
        (Listener.Admin, "GET", "/hubs/live", Handshake, 101),
        (Listener.Admin, "POST", "/hubs/live/negotiate?negotiateVersion=1", ["Content-Length: 0"], 200),
        (Listener.Admin, "GET", "/hubs/live?id=x", ["Accept: text/event-stream"], 404),
        (Listener.Users, "GET", "/app/sales/_stcore/stream", Handshake, 101),
        (Listener.Users, "GET", "/app/sales/", Handshake, 101),
        (Listener.Users, "GET", "/_hub/apps/sales/events", Handshake, 101),
    ];

    /// <summary>What changes something, with what the right origin gets.</summary>
    private static readonly (Listener Listener, string Method, string Target, string[] Headers, int Status)[] Changes =
    [
        (Listener.Admin, "POST", "/api/v1/apps/sales/start", ["Content-Length: 0"], 200),
        (Listener.Admin, "POST", "/api/v1/apps/sales/start?user=x", ["Content-Length: 2", "Content-Type: text/plain"], 400),
        (Listener.Admin, "POST", "/api/v1/apps", ["Content-Length: 2", "Content-Type: application/json"], 400),
        (Listener.Admin, "POST", "/api/v1/apps", ["Content-Length: 2", "Content-Type: text/plain"], 404),
        (Listener.Admin, "POST", "/api/v1/apps", ["Content-Length: 2", "Content-Type: application/x-www-form-urlencoded"], 404),
        (Listener.Admin, "PUT", "/api/v1/apps/sales", ["Content-Length: 2", "Content-Type: application/json"], 400),
        (Listener.Admin, "DELETE", "/api/v1/apps/nosuch", [], 404),
        (Listener.Admin, "PUT", "/api/v1/users/nobody", ["Content-Length: 2", "Content-Type: application/json"], 400),
        (Listener.Admin, "DELETE", "/api/v1/users/nobody", [], 404),
        (Listener.Admin, "POST", "/_hub/culture", ["Content-Length: 2", "Content-Type: application/x-www-form-urlencoded"], 400),
        (Listener.Users, "POST", "/_hub/culture", ["Content-Length: 2", "Content-Type: application/x-www-form-urlencoded"], 400),
        (Listener.Users, "POST", "/_hub/theme", ["Content-Length: 2", "Content-Type: application/x-www-form-urlencoded"], 400),
        (Listener.Users, "POST", "/_hub/apps/sales/retry", ["Content-Length: 0"], 303),
        (Listener.Users, "POST", "/_hub/apps/sales/keep", ["Content-Length: 0"], 204),
        (Listener.Users, "POST", "/app/sales/_stcore/upload_file/a/b", ["Content-Length: 2", "Content-Type: text/plain"], 200),
        (Listener.Users, "PUT", "/app/sales/_stcore/upload_file/a/b", ["Content-Length: 2"], 200),
        (Listener.Users, "DELETE", "/app/sales/_stcore/upload_file/a/b", [], 200),
    ];

    /// <summary>Origins of other pages than those of <c>127.0.0.1:{0}</c>; {1} is the hub's other listener.</summary>
    private static readonly string[] Foreign =
    [
        "null", "", "http://evil.example", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "http://127.0.0.1:{1}", "https://127.0.0.1:{0}", "ws://127.0.0.1:{0}", "file://",
        "http://localhost:{0}", "http://127.0.0.2:{0}", "http://127.0.0.1.evil.example:{0}", "http://127.0.0.1.:{0}", "http://evil127.0.0.1:{0}", "http://[::ffff:127.0.0.1]:{0}", "http://[::1]:{0}", "http://2130706433:{0}", "http://0x7f.1:{0}",
        "http://127.0.0.1:{0}.evil.example", "http://127.0.0.1:{0}@evil.example", "http://evil.example@127.0.0.1:{0}", "http://127.0.0.1:{0}/", "http://127.0.0.1:{0}/x", "http://127.0.0.1:{0}#", "http://127.0.0.1:{0}?", "http://127.0.0.1:0{0}",
        "http://127.0.0.1:{0}, http://evil.example", "http://evil.example, http://127.0.0.1:{0}", "http://evil.example http://127.0.0.1:{0}", "http:/127.0.0.1:{0}", "http:127.0.0.1:{0}", "//127.0.0.1:{0}", "127.0.0.1:{0}", "http://", "*",
        "http://127.0.0.1\\:{0}", "http://127.0.0.1%3a{0}", "chrome-extension://127.0.0.1:{0}", "http://127.0.0.1:+{0}",
    ];

    private static readonly string[] ForeignHosts =
    [
        "evil.example", "evil.example:{0}", "127.0.0.1.evil.example:{0}", "127.0.0.1.:{0}", "localhost.:{0}", "localhost.evil.example", "evillocalhost", "8.8.8.8:{0}", "[2001:db8::1]:{0}", "2130706433:{0}", "0x7f.0.0.1:{0}", "127.1:{0}", "0177.0.0.1:{0}",
        "localhost:{0}@evil.example", "evil.example@localhost:{0}", "localhost:{0}:{0}", "localhost/evil", "localhost%00.evil.example", "localhost,evil.example", "", "_", "*", "[::1", "[fe80::1%25eth0]:{0}", "0.0.0.0:{0}", "[::]:{0}",
    ];

    public static TheoryData<Listener> Listeners => [Listener.Users, Listener.Admin];

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Only_the_hubs_own_origin_opens_sockets_and_presses_buttons(Listener listener)
    {
        var wrong = new List<string>();
        foreach (var (door, method, target, headers, status) in Sockets.Concat(Changes).Where(request => request.Listener == listener))
        {
            await GetsAsync(status, door, method, target, [.. headers, $"Origin: http://{threats.Authority(door)}"], wrong);
            string[][] foreign =
            [
                .. Foreign.Select(origin => new[] { "Origin: " + Fill(origin, door) }),
                [$"Origin: http://{threats.Authority(door)}", "Origin: http://evil.example"], ["Origin: http://evil.example", $"Origin: http://{threats.Authority(door)}"],
                ["Origin: http://evil.example", "X-Forwarded-Host: evil.example"], ["Origin: http://evil.example", "Sec-Fetch-Site: same-origin"],
            ];
            foreach (var origin in foreign)
            {
                await RefusedAsync(door, method, target, [.. headers, .. origin], wrong);
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_an_origin_nothing_is_opened_or_changed_but_by_a_token_and_in_apps()
    {
        var wrong = new List<string>();
        var (_, token) = await threats.Hub.Tokens.CreateAsync(new TokenEntry { Name = "script", Scope = "write" }, FullHub.Actor, TestContext.Current.CancellationToken);
        foreach (var (door, method, target, headers, status) in Sockets.Concat(Changes))
        {
            foreach (var sign in (string[])["", "Cookie: a=b", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Referer: http://evil.example/", "Accept-Language: en"])
            {
                string[] all = sign.Length == 0 ? headers : [.. headers, sign];
                if (door == Listener.Users && !headers.Contains(Handshake[0]) && target.StartsWith("/app/", StringComparison.Ordinal))
                {
                    await GetsAsync(status, door, method, target, all, wrong);
                }
                else
                {
                    await RefusedAsync(door, method, target, all, wrong);
                }
            }

            if (door == Listener.Admin && (target.StartsWith("/api/", StringComparison.Ordinal) || target.StartsWith("/hubs/", StringComparison.Ordinal)))
            {
                await GetsAsync(status, door, method, target, [.. headers, "Authorization: Bearer " + token], wrong);
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task A_script_is_told_which_origin_to_name()
    {
        var answer = await AskAsync(Listener.Admin, "POST", "/api/v1/apps/sales/start", ["Content-Length: 0"]);
        answer.Body.Should().Contain($"adds Origin: http://{threats.Authority(Listener.Admin)}, or a bearer token");
        (await AskAsync(Listener.Users, "POST", "/_hub/theme", ["Content-Length: 0"])).Body.Should().Contain("came from a page of another site").And.NotContain("script", "this listener is for people");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Sec-Fetch-Site: same-site", 403)]
    [InlineData("Sec-Fetch-Site: SAME-ORIGIN", 403)]
    [InlineData("Referer: http://evil.example/page", 403)]
    [InlineData("Referer: http://127.0.0.1:{1}/", 403)]
    [InlineData("Referer: nonsense", 403)]
    [InlineData("Sec-Fetch-Site: same-origin", 200)]
    [InlineData("Sec-Fetch-Site: none", 200)]
    [InlineData("Referer: http://127.0.0.1:{0}/audit?q=x", 200)]
    [InlineData("Cookie: a=b", 200)]
    [InlineData("Accept-Language: en", 200)]
    [InlineData("Accept: */*", 200)]
    public async Task Pages_of_elsewhere_ask_the_api_for_nothing(string header, int status)
    {
        foreach (var target in (string[])["/api/v1/audit/verify", "/api/v1/audit.csv", "/api/v1/users", "/API/v1/users"])
        {
            (await AskAsync(Listener.Admin, "GET", target, [Fill(header, Listener.Admin)])).Status.Should().Be(status, target);
        }
    }

    [Theory]
    [InlineData("Referer: http://127.0.0.1:{0}/users", 200)]
    [InlineData("Sec-Fetch-Site: same-origin", 200)]
    [InlineData("Referer: http://127.0.0.1:{1}/", 403)]
    [InlineData("Referer: http://evil.example/127.0.0.1:{0}/", 403)]
    [InlineData("Referer: nonsense", 403)]
    [InlineData("Sec-Fetch-Site: none", 403)]
    [InlineData("Accept: */*", 403)]
    public async Task What_the_hubs_own_pages_fetch_without_an_origin_is_told_by_their_address(string header, int status)
    {
        var own = Fill(header, Listener.Admin);
        (await AskAsync(Listener.Admin, "GET", "/_blazor/initializers", [own])).Status.Should().Be(status);
        (await AskAsync(Listener.Admin, "GET", "/_blazor?id=x", [own])).Status.Should().Be(status == 200 ? 404 : 403);
        (await AskAsync(Listener.Admin, "GET", "/_blazor", [.. Handshake, own])).Status.Should().Be(403, "a socket names its origin in every browser");
        (await AskAsync(Listener.Admin, "POST", "/_blazor/negotiate?negotiateVersion=1", ["Content-Length: 0", own])).Status.Should().Be(403, "and so does what changes something");
    }

    [Fact]
    public async Task Asking_changes_nothing()
    {
        var wrong = new List<string>();
        foreach (var (door, method, target, _, _) in Changes.Where(change => !change.Target.StartsWith("/app/", StringComparison.Ordinal)))
        {
            foreach (var asking in (string[])["GET", "HEAD", "OPTIONS"])
            {
                var answer = await AskAsync(door, asking, target, ["Origin: http://evil.example", "X-HTTP-Method-Override: " + method, "Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: content-type"]);
                var isQuestion = asking == "GET" && target is "/api/v1/apps";
                if ((!isQuestion && !answer.IsRefusal) || answer.Header("Access-Control-Allow-Origin").Length > 0 || answer.Header("Set-Cookie").Length > 0)
                {
                    wrong.Add($"{asking} {target} got {answer.Status}\n{answer.Head}");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task A_foreign_name_is_misdirected(Listener listener)
    {
        var wrong = new List<string>();
        string[] targets = listener == Listener.Users ? ["/", "/app/sales/", "/app/sales/_stcore/stream", "/healthz"] : ["/", "/_blazor", "/hubs/live", "/api/v1/apps", "/healthz", "/claim?token=x"];
        foreach (var target in targets)
        {
            foreach (var host in ForeignHosts.Select(host => Fill(host, listener)))
            {
                foreach (var headers in (string[][])[[], Handshake])
                {
                    var answer = await RawClient.AskAsync(ThreatHub.Boss, threats.Port(listener), "GET", target, ["Host: " + host, "Origin: http://" + host, .. headers]);
                    if (answer.Status is not (400 or 421) || (host.StartsWith("evil.example", StringComparison.Ordinal) && !host.Contains('@') && answer.Status != 421))
                    {
                        wrong.Add($"{target} at '{host}' got {answer.Status}");
                    }
                }
            }

            foreach (var (hosts, version) in ((string[], string)[])[([], "1.1"), ([], "1.0"), (["Host: localhost", "Host: evil.example"], "1.1"), (["Host: evil.example", "Host: localhost"], "1.1"), (["X-Forwarded-Host: localhost", "Host: evil.example"], "1.1")])
            {
                var bytes = System.Text.Encoding.Latin1.GetBytes(string.Join("\r\n", [$"GET {target} HTTP/{version}", .. hosts, "Connection: close", "", ""]));
                var answer = await RawClient.SendAsync(ThreatHub.Boss, threats.Port(listener), bytes);
                if (answer.Status is not (400 or 421))
                {
                    wrong.Add($"{target} with {hosts.Length} hosts got {answer.Status}");
                }
            }
        }

        threats.Seen().Should().BeEmpty();
        string.Join('\n', wrong).Should().BeEmpty();
    }

    private string Fill(string text, Listener listener) =>
        text.Replace("{0}", $"{threats.Port(listener)}", StringComparison.Ordinal).Replace("{1}", $"{threats.Port(listener == Listener.Users ? Listener.Admin : Listener.Users)}", StringComparison.Ordinal);

    private async Task GetsAsync(int status, Listener listener, string method, string target, string[] headers, List<string> wrong)
    {
        var answer = await AskAsync(listener, method, target, headers);
        if (answer.Status != status)
        {
            wrong.Add($"{method} {target} with {string.Join(" | ", headers)} got {answer.Status} {answer.Body}");
        }

        threats.Seen();
    }

    private async Task RefusedAsync(Listener listener, string method, string target, string[] headers, List<string> wrong)
    {
        var answer = await AskAsync(listener, method, target, headers);
        if (answer.Status is not 403 || threats.Seen() is { Length: > 0 })
        {
            wrong.Add($"{method} {target} with {string.Join(" | ", headers)} got {answer.Status}");
        }
    }

    private Task<RawAnswer> AskAsync(Listener listener, string method, string target, string[] headers)
    {
        string[] host = [$"Host: {threats.Authority(listener)}"];
        string[] all = [.. host, .. headers];
        return headers.Contains("Content-Length: 2")
            ? RawClient.SendAsync(ThreatHub.Boss, threats.Port(listener), System.Text.Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\n{string.Join("\r\n", all)}\r\nConnection: close\r\n\r\n[]"))
            : RawClient.AskAsync(ThreatHub.Boss, threats.Port(listener), method, target, all);
    }
}
