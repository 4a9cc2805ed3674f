using System.Net;
using Microsoft.Extensions.Hosting;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Access;

public sealed class GateTests(GateHub hubs) : IClassFixture<GateHub>
{
    private readonly TestHub hub = hubs.Plain;

    [Fact]
    public async Task Address_decides_who_comes_in_where()
    {
        (string From, Listener Door, HttpStatusCode Status)[] table =
        [
            ("127.0.0.1", Listener.Users, HttpStatusCode.Forbidden), ("127.0.0.7", Listener.Users, HttpStatusCode.OK),
            ("127.7.1.1", Listener.Users, HttpStatusCode.OK), ("127.0.0.8", Listener.Users, HttpStatusCode.Forbidden),
            ("127.0.0.2", Listener.Users, HttpStatusCode.OK), ("127.0.0.2", Listener.Admin, HttpStatusCode.OK),
            ("127.0.0.7", Listener.Admin, HttpStatusCode.Forbidden), ("127.0.0.1", Listener.Admin, HttpStatusCode.Forbidden),
        ];
        foreach (var (from, door, status) in table)
        {
            (await hub.AskAsync("/who", from, door)).Status.Should().Be(status, $"{from} asks the listener {door}");
        }

        (await hub.AskAsync("/healthz", "127.0.0.1", Listener.Admin)).Status.Should().Be(HttpStatusCode.OK);
        var refused = await hub.AskAsync("/who", "127.0.0.9", headers: ("Accept", "text/html"));
        refused.Body.Should().Be("page 127.0.0.9 Unregistered");
        refused.Response.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await hub.AskAsync("/who", "127.0.0.9", headers: [("Connection", "Upgrade"), ("Upgrade", "websocket")])).Status.Should().Be(HttpStatusCode.Forbidden);
        (await hub.AskAsync("/claim", "127.0.0.9")).Status.Should().Be(HttpStatusCode.Forbidden, "the claim is the admin listener's");
    }

    [Fact]
    public async Task A_fault_of_the_gate_denies_and_says_so()
    {
        await using var broken = await TestHub.StartAsync(null, GateHub.People);
        foreach (var reloader in broken.Get<IEnumerable<IHostedService>>().OfType<ConfigurationReloader>())
        {
            await reloader.StopAsync(TestContext.Current.CancellationToken);
        }

        broken.Store.Swap(broken.Store.Current with { Policy = null! });
        (await broken.AskAsync("/who", "127.0.0.7")).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.5", "proxied")]
    [InlineData("127.0.0.1", "::ffff:10.0.0.5", "proxied")]
    [InlineData("127.0.0.1", "2001:db8::1", "kim")]
    [InlineData("127.0.0.1", "9.9.9.9, 10.0.0.5, 192.0.2.1", "proxied")]
    [InlineData("127.0.0.1", "10.0.0.5, 9.9.9.9", null)]
    [InlineData("127.0.0.1", "unknown, 10.0.0.5", null)]
    [InlineData("127.0.0.1", "", null)]
    [InlineData("127.0.0.1", null, null)]
    [InlineData("127.0.0.9", "10.0.0.5", null)]
    [InlineData("127.0.0.7", "10.0.0.5", "kim")]
    public async Task Forwarded_address_counts_from_known_proxies_only(string peer, string? forwarded, string? name)
    {
        var answer = await hubs.BehindProxies.AskAsync("/who", peer, headers: forwarded is null ? [] : [("X-Forwarded-For", forwarded)]);
        (answer.Status == HttpStatusCode.OK ? answer.Body : null).Should().Be(name);
    }

    public static TheoryData<string, bool> Hosts => new()
    {
        { "hub.test:99", true }, { "LOCALHOST", true }, { "[::1]:8080", true }, { Dns.GetHostName(), true }, { $"{Dns.GetHostName().Split('.')[0]}.local:8080", true },
        { "evil.example", false }, { "203.0.113.9", false }, { "evil.local", false }, { $"{Dns.GetHostName()}.evil.example", false },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Hub_answers_to_its_own_names_only(string host, bool own)
    {
        (await hub.AskAsync("/who", "127.0.0.7", headers: ("Host", host))).Status
            .Should().Be(own ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("GET", "/who", null, null, true)]
    [InlineData("POST", "/who", null, null, false)]
    [InlineData("POST", "/who", "same", null, true)]
    [InlineData("POST", "/who", "http://evil.example", null, false)]
    [InlineData("POST", "/api/v1/who", null, null, false)]
    [InlineData("POST", "/api/v1/who", "same", null, true)]
    [InlineData("POST", "/api/v1/who", null, "same-origin", false)]
    [InlineData("POST", "/api/v1/who", null, "cross-site", false)]
    [InlineData("POST", "/api/v1/who", "http://evil.example", null, false)]
    [InlineData("GET", "/_blazor", null, null, false)]
    [InlineData("GET", "/_blazor", null, "same-origin", true)]
    [InlineData("GET", "/_blazor", "same", null, true)]
    [InlineData("GET", "/hubs/live", null, null, false)]
    [InlineData("GET", "/hubs/live", "same", null, true)]
    [InlineData("GET", "/hubs/live", "http://evil.example", null, false)]
    [InlineData("POST", "/hubs/live", "null", null, false)]
    public async Task Buttons_are_pressed_from_the_hubs_own_pages(string method, string path, string? origin, string? site, bool allowed)
    {
        var headers = new List<(string, string)>();
        if (origin is not null)
        {
            headers.Add(("Origin", origin == "same" ? hub.Address(Listener.Admin) : origin));
        }

        if (site is not null)
        {
            headers.Add(("Sec-Fetch-Site", site));
        }

        ((await hub.AskAsync(path, "127.0.0.2", Listener.Admin, method, [.. headers])).Status != HttpStatusCode.Forbidden).Should().Be(allowed);
    }
}
