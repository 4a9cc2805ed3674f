using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>A hub behind a proxy that ends TLS: links and origins are those that people see.</summary>
public sealed class PublicUrlTests : IAsyncLifetime
{
    private const string Proxy = "127.0.0.40";
    private const string Boss = "203.0.113.2";
    private const string Users = "https://apps.example";
    private const string Admin = "https://hub.example:8443";

    private FullHub hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, $"PublicUrl:Users={Users}", $"PublicUrl:Admin={Admin}/", $"KnownProxies:0={Proxy}");
        await hub.AddUserAsync("boss", "admin", Boss);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Home_links_to_the_admin_pages_and_these_to_home_as_people_reach_them()
    {
        (await AskAsync(HttpMethod.Get, new Uri(hub.Users, "/"), "apps.example", null)).Body.Should().Contain($"href=\"{Admin}/\"").And.NotContain($":{hub.Admin.Port}");
        var unknown = await AskAsync(HttpMethod.Get, new Uri(hub.Admin, "/"), "hub.example:8443", null, "203.0.113.9");
        unknown.Status.Should().Be(HttpStatusCode.Forbidden);
        unknown.Body.Should().Contain($"href=\"{Users}/\"");
    }

    [Theory]
    [InlineData(Admin, "hub.example:8443", HttpStatusCode.OK)]
    [InlineData(Admin, "own", HttpStatusCode.OK)]
    [InlineData("https://HUB.example:8443", "own", HttpStatusCode.OK)]
    [InlineData(Users, "own", HttpStatusCode.Forbidden)]
    [InlineData(Users, "hub.example:8443", HttpStatusCode.Forbidden)]
    [InlineData("https://hub.example", "own", HttpStatusCode.Forbidden)]
    [InlineData("http://hub.example:8443", "own", HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", "hub.example:8443", HttpStatusCode.Forbidden)]
    public async Task A_listener_accepts_its_public_origin_whatever_host_the_proxy_asks_for(string origin, string host, HttpStatusCode status) =>
        (await AskAsync(HttpMethod.Put, new Uri(hub.Admin, "/api/v1/users/lee"), host == "own" ? hub.Admin.Authority : host, origin)).Status.Should().Be(status);

    [Fact]
    public async Task The_hosts_of_public_addresses_are_the_hubs_names_and_no_others()
    {
        (await AskAsync(HttpMethod.Get, new Uri(hub.Users, "/healthz"), "apps.example", null)).Status.Should().Be(HttpStatusCode.OK);
        (await AskAsync(HttpMethod.Get, new Uri(hub.Users, "/healthz"), "evil.example", null)).Status.Should().Be(HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("apps.example", "https://apps.example")]
    [InlineData("own", "https://apps.example")]
    [InlineData("localhost:8080", "https://apps.example")]
    [InlineData("evil.example", null)]
    public async Task An_app_knows_the_address_that_its_visitors_see_whatever_host_the_proxy_asks_for(string host, string? origin)
    {
        await using var backend = await RecordingBackend.StartAsync();
        await ThreatHub.AddAppAsync(hub, "sales", backend);
        backend.Answer = context =>
        {
            context.Response.Redirect($"http://{context.Request.Host.Host}:{backend.Port}/login");
            return Task.CompletedTask;
        };
        var (status, _) = await AskAsync(HttpMethod.Get, new Uri(hub.Users, "/app/sales/x"), host == "own" ? hub.Users.Authority : host, null);
        if (origin is null)
        {
            (status, backend.Seen.Count).Should().Be((HttpStatusCode.MisdirectedRequest, 0));
            return;
        }

        var (_, _, headers) = backend.Seen.Should().ContainSingle().Subject;
        ($"{headers["X-Forwarded-Proto"]}://{headers["X-Forwarded-Host"]}", headers["Host"]).Should().Be((origin, "apps.example"));
        backend.Seen.Clear();

        // Who comes past the proxy is told so.
        using var direct = new PersonaClient("127.0.0.2");
        await hub.AddUserAsync("lee", "user", "127.0.0.2", "sales");
        using var answer = await direct.Http.GetAsync(new Uri(hub.Users, "/app/sales/x"), Cancellation);
        (backend.Seen.Should().ContainSingle().Subject.Headers["X-Forwarded-Host"], answer.StatusCode).Should().Be((hub.Users.Authority, HttpStatusCode.Found));
    }

    [Theory]
    [InlineData("https://hub.example", "https://hub.example", "hub.example")]
    [InlineData("HTTPS://Hub.Example:443/", "https://hub.example", "hub.example")]
    [InlineData("http://10.0.0.5:8080", "http://10.0.0.5:8080", "10.0.0.5")]
    [InlineData("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080", "[2001:db8::1]")]
    [InlineData("https://허브.example", "https://xn--ov3b174b.example", "xn--ov3b174b.example")]
    public void A_public_address_is_an_origin(string text, string origin, string host) => Read("Users", text).PublicUsersUrl.Should().Be(new PublicUrl(origin, host));

    [Theory]
    [InlineData("hub.example")]
    [InlineData("ftp://hub.example")]
    [InlineData("https://hub.example/hub")]
    [InlineData("https://hub.example/.")]
    [InlineData("https://hub.example/x/..")]
    [InlineData("https://hub.example?x")]
    [InlineData("https://hub.example/?")]
    [InlineData("https://hub.example#x")]
    [InlineData("https://kim@hub.example")]
    [InlineData("https://*")]
    [InlineData("https://0.0.0.0:8080")]
    [InlineData("https://")]
    [InlineData(" https://hub.example")]
    public void Anything_else_stops_the_start(string text)
    {
        var reading = () => Read("Admin", text);
        reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle()
            .Which.Should().Be($"StreamHub:PublicUrl:Admin: '{text}' is not an absolute http or https address without path, query and user, such as https://hub.example.");
    }

    [Fact]
    public void The_two_listeners_have_no_public_origin_in_common()
    {
        var reading = () => HubSettingsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection([new("StreamHub:PublicUrl:Users", "https://hub.example"), new("StreamHub:PublicUrl:Admin", "https://hub.example:443/")]).Build(), Path.GetTempPath());
        reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle().Which.Should().Contain("an origin other than that of PublicUrl:Users");
    }

    [Theory]
    [InlineData("Admin", "http://localhost:7001", "Listen:Users")]
    [InlineData("Admin", "http://10.0.0.5:7001/", "Listen:Users")]
    [InlineData("Admin", "http://[2001:db8::1]:7001", "Listen:Users")]
    [InlineData("Admin", "http://HUB.example:7001", "Listen:Users")]
    [InlineData("Users", "http://localhost:7002", "Listen:Admin")]
    [InlineData("Users", "http://localhost:7001", null)]
    [InlineData("Admin", "https://localhost:7001", null)]
    [InlineData("Admin", "http://localhost", null)]
    [InlineData("Admin", "http://proxy.example:7001", null)]
    public void A_public_address_is_not_the_other_listeners_own(string key, string value, string? other)
    {
        var reading = () => HubSettingsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(
            [
                new($"StreamHub:PublicUrl:{key}", value), new("StreamHub:Listen:Users", "http://127.0.0.1:7001"), new("StreamHub:Listen:Admin", "http://127.0.0.1:7002"),
                new("StreamHub:AllowedHosts:0", "hub.example"),
            ]).Build(),
            Path.GetTempPath());
        if (other is null)
        {
            reading.Should().NotThrow();
        }
        else
        {
            reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle()
                .Which.Should().Be($"StreamHub:PublicUrl:{key}: '{value}' is not an origin other than that of {other}: an app must not share the admin pages' origin.");
        }
    }

    private static HubSettings Read(string key, string value) =>
        HubSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection([new($"StreamHub:PublicUrl:{key}", value)]).Build(), Path.GetTempPath());

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, Uri address, string host, string? origin, string from = Boss)
    {
        using var proxy = new PersonaClient(Proxy);
        using var request = new HttpRequestMessage(method, address) { Headers = { Host = host } };
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("X-Forwarded-For", from);
        request.Headers.Add("X-Forwarded-Proto", "https");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent("""{ "addresses": ["203.0.113.7"] }""", System.Text.Encoding.UTF8, "application/json");
        }

        using var answer = await proxy.Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
