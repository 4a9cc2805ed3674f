using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T17, T25: however an address is spelled, it leads to one's own app or nowhere.</summary>
public sealed class PathSpellingTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const string Handshake = "Connection: Upgrade, close|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    /// <summary>What browsers and Streamlit write.</summary>
    private static readonly string[] Clean =
    [
        "/app/sales/", "/app/sales/?", "/app/sales/?a=1&b=%2f..%2f", "/app/sales/?next=//other/../x", "/app/sales/?q=a;b", "/app/sales/?q=%00",
        "/app/sales/_stcore/health", "/app/sales/_stcore/stream", "/app/sales/static/js/index.C3f-_9.js", "/app/sales/media/0a1b.png",
        "/app/sales/my%20page", "/app/sales/my+page", "/app/sales/%ED%95%9C%EA%B8%80", "/app/sales/%ed%95%9c%ea%b8%80.csv", "/app/sales/caf%C3%A9",
        "/app/sales/%F0%9F%93%88", "/app/sales/100%25", "/app/sales/a..b", "/app/sales/...", "/app/sales/..a", "/app/sales/.well-known/x",
        "/app/sales/a:b", "/app/sales/a@b", "/app/sales/a,b", "/app/sales/(a)", "/app/sales/a!b", "/app/sales/~kim", "/app/sales/$a", "/app/sales/a'b", "/app/sales/a=b",
        "/app/sales/%40", "/app/sales/%23", "/app/sales/%3F", "/app/sales/%3a", "/app/sales/a%26b", "/app/sales/app/salesx/", "/app/sales/salesx", "/app/sales/SALES",
        "/app/sales/page/", "/app/sales/_stcore/upload_file/0a1b-2c/3d4e", "/app/sales/component/st_aggrid.agGrid/index.html?streamlitUrl=http%3A%2F%2Fhub%2F",
    ];

    /// <summary>What programs read differently behind the slug: it is the app's own matter, and leads to no other app and to nothing of the hub.</summary>
    private static readonly string[] Odd =
    [
        // Dot segments.
        .. Around("/..", "/.", "/../", "/./", "/../sales/", "/../salesx/", "/./../salesx/", "/a/../../salesx/", "/../../app/salesx/", "/../../", "/../../_hub/apps", "/../../../../etc/passwd", "/../../healthz", "/../../_hub/assets/user.js",
            "/%2e%2e/salesx/", "/%2E%2E/salesx/", "/.%2e/salesx/", "/%2e./salesx/", "/%2e/", "/%2e%2e", "/a/%2e%2e/%2e%2e/salesx/", "/..?x", "/../?x=1"),

        // Slashes and backslashes in disguise.
        .. Around("/%2f", "/a%2fb", "/..%2fsalesx/", "/..%2Fsalesx/", "/%2e%2e%2fsalesx/", "/%2e%2e%2f%2e%2e%2fapp%2fsalesx%2f", "/a%2f..%2f..%2fsalesx/",
            "/\\", "/..\\salesx/", "/..\\..\\app\\salesx", "/%5c", "/%5C", "/%5c%5chost%5cshare", "/\\\\host\\share", "/..%5csalesx/", "/%2e%2e%5csalesx/",
            "/%5c%5c%3f%5cUNC%5chost%5cshare", "/%5c%5c.%5cpipe%5cx", "/C:%5cWindows", "/static/..%5c..%5csecrets"),

        // Empty segments and parameters.
        .. Around("//", "//host/x", "//salesx/", "/a//b", "//..//salesx/", "///", "//_stcore/health", "//?x", "/;", "/;x", "/..;/salesx/", "/;/../salesx/", "/a;b=c", "/%3b", "/%3B", "/..%3b/salesx/", "/.;/"),

        // Twice decoded, wrongly encoded, not UTF-8, control characters.
        .. Around("/%252e%252e/salesx/", "/%252fsalesx", "/..%252fsalesx", "/%255c", "/%25%32%65", "/%25252e", "/%2525", "/%2541", "/a%25%35%63", "/%", "/%2", "/%zz", "/%u002e%u002e/", "/%u2215", "/%g0", "/%0x2f",
            "/%c0%ae%c0%ae/salesx/", "/%c0%af", "/%c1%9c", "/%e0%80%af", "/%f0%80%80%af", "/%ff", "/%fe%fe", "/%80", "/%c3", "/%c3%28", "/%ed%a0%80", "/%f5%80%80%80", "/%c0%80",
            "/%0d%0aX-Evil:%201", "/%0a", "/%0d", "/%09", "/%1b[31m", "/%7f", "/%08"),
    ];

    /// <summary>What has to lead nowhere, whoever asks.</summary>
    private static readonly string[] Refused =
    [
        // Dot segments.
        "/../app/sales/", "/./app/sales/", "/app/./sales/", "/app/../app/sales/", "/app/other/../sales/", "/%2e/app/sales/", "/app/%2e%2e/app/sales/",
        "/_hub/../app/sales/", "/_hub/assets/../../app/sales/", "/_hub/assets/%2e%2e/%2e%2e/app/sales/", "/healthz/../app/sales/", "/open/../app/sales/", "/app/..", "/app/.", "/..", "/.", "/%2e%2e",

        // Slashes and backslashes in disguise.
        .. Around("%2f", "%2F", "%2fsalesx", "%2f..%2fsalesx/", "\\", "\\..\\salesx\\", "%5c..%5csalesx"),
        "/app%2fsales/", "/app%2Fsales%2F", "%2fapp/sales/", "/%2fapp/sales/", "/app\\sales\\", "\\app\\sales\\", "/app/%5csales/",

        // Empty segments.
        "//app/sales/", "/app//sales/", "///app///sales/", "//127.0.0.1/app/sales/", "//evil.example/app/sales/", "/app//", "//",

        // Parameters.
        .. Around(";", ";/../salesx/", ";x/", ";jsessionid=1/"),
        "/app;/sales/", "/app;x/sales/", "/;/app/sales/",

        // Twice decoded.
        "/app/%25%73ales/", "/app/sales%252f/",

        // NUL, which the server refuses.
        .. Around("/%00", "%00", "/a%00.png", "/%00/../salesx"),

        // The frame around an app: browsers would make another address of it.
        "/open/sales/..", "/open/sales/../salesx/", "/open/sales/%2e%2e/salesx/", "/open/sales/.%2E/", "/open/sales/./", "/open/sales/\\..\\salesx/", "/open/sales/a/..%5c/../../_hub/apps", "/open//sales/", "/open/sales%2f", "/open/sales;x/",

        // Raw bytes that no target holds.
        .. Around("/#", "/#x", "/?a#b", "/\x00", "/\x7f", "/\xe9", "/\xed\x95\x9c", "/\t", "#/../salesx/"),

        // Other names for the slug.
        "/app", "/app/", "/app/?sales", "/APP/sales/", "/App/sales/", "/aPP/salesx/", "/app/Sales/", "/app/SALES/", "/app/%73ales/", "/app/sale%73/", "/app/sales%20/", "/app/%20sales/", "/app/sales./", "/app/sales../",
        "/app/sales%2e/", "/app/sales,salesx/", "/app/sales@salesx/", "/app/sales:80/", "/app/sales%3a80/", "/app/@salesx/", "/app/sales%40salesx/", "/app/sal%C4%97s/", "/app/%EF%BD%93ales/", "/app/%C5%BFales/", "/app/s%C4%80les/",
        "/app/sales%E2%80%8B/", "/app/sales%CC%81/", "/app/_sales/", "/app/sales_/", "/app/*/", "/app/%2a/", "/app/{slug}/", "/app/nosuch/", "/app/salesy/", "/app/sale/", "/app/-sales/", "/apps/sales/", "/app-sales/", "/app.sales/",
        "/%61pp/sales/x", "/app%20/sales/", "/application/sales/", "/xapp/sales/", "/sales/", "/salesx/", "/app/" + new string('a', 64) + "/",

        // Other forms of a target (RFC 9112, 3.2.2 to 3.2.4).
        "http://127.0.0.1/app/sales/", "http://evil.example/app/sales/", "http://sales@127.0.0.1/app/sales/", "https://127.0.0.1/app/sales/", "ftp://127.0.0.1/app/sales/", "http:///app/sales/", "http:/app/sales/", "HTTP://127.0.0.1/app/salesx/",
        "*", "sales:80", "127.0.0.1:80", "[::1]:80", "app/sales/", "?/app/sales/", "@127.0.0.1/app/sales/", "@/app/sales/", ":80/app/sales/", "[::1]/app/sales/",

        // Too long.
        "/app/sales/" + new string('a', 9000), "/app/sales/" + string.Concat(Enumerable.Repeat("%41", 3000)), "/app/sales/?" + new string('a', 9000), "/app/" + string.Concat(Enumerable.Repeat("../", 2000)) + "app/sales/",
    ];

    [Fact]
    public void There_are_about_200_spellings()
    {
        Refused.Should().OnlyHaveUniqueItems();
        Odd.Should().OnlyHaveUniqueItems();
        (Clean.Length + Odd.Length + Refused.Length).Should().BeGreaterThan(200);
    }

    [Theory]
    [InlineData("GET", "Accept: text/html")]
    [InlineData("GET", "Accept: */*")]
    [InlineData("POST", "Content-Length: 0")]
    [InlineData("GET", Handshake)]
    public async Task No_spelling_leads_to_what_is_not_ones_own(string method, string headers)
    {
        var wrong = new List<string>();
        foreach (var target in Refused)
        {
            foreach (var persona in ThreatHub.Personas)
            {
                var answer = await AskAsync(persona, method, target, headers);
                var seen = threats.Seen();
                if (!answer.IsRefusal || seen.Length > 0)
                {
                    wrong.Add($"{persona} {target} got {answer.Status}; seen: {string.Join(", ", seen)}");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET", "Accept: text/html", 200)]
    [InlineData("POST", "Content-Length: 0", 200)]
    [InlineData("GET", Handshake, 101)]
    public async Task What_follows_the_slug_reaches_the_app_as_it_is_and_only_for_those_who_may(string method, string headers, int reached)
    {
        var wrong = new List<string>();
        foreach (var target in Clean.Concat(Odd))
        {
            foreach (var persona in ThreatHub.Personas)
            {
                var answer = await AskAsync(persona, method, target, headers);
                var seen = threats.Seen();
                var (status, expected) = persona is ThreatHub.Kim or ThreatHub.Boss ? (reached, new[] { $"sales {method} {target}" }) : (403, []);
                if (answer.Status != status || !seen.SequenceEqual(expected))
                {
                    wrong.Add($"{persona} {target} got {answer.Status}; seen: {string.Join(", ", seen)}");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    /// <summary>Ways to the admins' pages and programs that nobody may take.</summary>
    private static readonly string[] AdminRefused =
    [
        "/api/v1/users/..", "/api/v1/users/.", "/api/v1/../v1/users", "/api/./v1/users", "/api/v1/%2e%2e/v1/users", "/api/v1/%2E/users", "/api/v1/users/.%2e", "/..", "/./users", "/%2e%2e/users",
        "/api/v1/users%2fboss", "/api%2Fv1/users", "%2fapi/v1/users", "/api/v1/users/a%2f..%2f..%2fapps", "/_blazor%2fnegotiate", "/hubs%2flive", "/claim%2f", "/_hub/assets/..%2f..%2fusers",
        "/api\\v1\\users", "\\api\\v1\\users", "/api/v1/users\\..\\apps", "/api/v1/users/%5cboss", "/api%5Cv1%5Cusers", "/_hub/assets/..%5c..%5cusers", "/_hub/assets/..\\..\\users",
        "/_hub/assets/../../users", "/_hub/assets/%2e%2e/%2e%2e/api/v1/users", "/healthz/../api/v1/users", "/claim/../users", "/hubs/live/../../users", "/apps/../users",
        "//api/v1/users", "/api//v1/users", "//", "//evil.example/users", "/api/v1/users;x", "/api/v1/users/%c0%ae%c0%ae", "/api/v1/users/%ff", "/api/v1/users/%00", "/api/v1/users/%0a", "/api/v1/users/%zz",
        "http://127.0.0.1/api/v1/users", "http://evil.example/users", "api/v1/users", "@/users",
    ];

    [Fact]
    public async Task No_spelling_leads_around_on_the_admins_listener()
    {
        var wrong = new List<string>();
        foreach (var target in AdminRefused)
        {
            foreach (var persona in (string[])[ThreatHub.Boss, ThreatHub.Kim, ThreatHub.Unregistered])
            {
                var answer = await threats.AskAsync(persona, Listener.Admin, "GET", target);
                if (answer.Status is not 400)
                {
                    wrong.Add($"{persona} {target} got {answer.Status}");
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Theory]
    [InlineData("a;b", "a%3Bb")]
    [InlineData("5%41", "5%2541")]
    [InlineData("김, R&D (#1)?", "%EA%B9%80%2C%20R%26D%20%28%231%29%3F")]
    [InlineData("..a", "..a")]
    public async Task Names_of_any_characters_are_found_on_the_admins_listener(string name, string spelled)
    {
        try
        {
            await threats.Hub.AddUserAsync(name, "user", "127.0.0.77");
            var answer = await threats.AskAsync(ThreatHub.Boss, Listener.Admin, "GET", $"/api/v1/users/{spelled}");
            answer.Status.Should().Be(200);
            answer.Body.Should().Contain("127.0.0.77");
        }
        finally
        {
            await threats.Hub.Editor.RemoveUserAsync(name, FullHub.Actor, CancellationToken.None);
        }
    }

    private static IEnumerable<string> Around(params string[] tails) => tails.Select(tail => "/app/sales" + tail);

    private Task<RawAnswer> AskAsync(string persona, string method, string target, string headers) =>
        threats.AskAsync(persona, Listener.Users, method, target, [.. headers.Split('|'), $"Origin: http://{threats.Authority(Listener.Users)}"]);
}
