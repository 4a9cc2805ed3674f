using System.Net;
using System.Net.Sockets;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T25: nothing that a visitor or an app says makes the hub ask somebody else.</summary>
public sealed class RedirectTests(ThreatHub threats) : IClassFixture<ThreatHub>, IDisposable
{
    private readonly TcpListener canary = StartCanary();

    private string Address => $"127.0.0.1:{((IPEndPoint)canary.LocalEndpoint).Port}";

    public void Dispose() => canary.Dispose();

    [Fact]
    public async Task An_app_that_points_elsewhere_is_not_followed()
    {
        foreach (var status in (int[])[301, 302, 303, 307, 308])
        {
            threats.Sales.Answer = context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = $"http://{Address}/";
                context.Response.Headers["Refresh"] = $"0; url=http://{Address}/";
                return Task.CompletedTask;
            };
            foreach (var target in (string[])["/app/sales/", "/app/sales/_stcore/host-config", "/app/sales/_stcore/health"])
            {
                var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", target, "Accept: text/html");
                answer.Status.Should().Be(status);
            }
        }

        threats.Reset();
        canary.Pending().Should().BeFalse("the hub does not follow");
    }

    [Fact]
    public async Task A_request_that_names_another_server_does_not_reach_it()
    {
        var (host, port) = (Address.Split(':')[0], Address.Split(':')[1]);
        string[] targets =
        [
            $"http://{Address}/app/sales/", $"//{Address}/app/sales/", $"/\\{Address}/", $"@{Address}/", $"/app/sales@{Address}/", $"/app/@{Address}/", $"/app/{Address}/", $"/app/sales#@{Address}/", $"/app/sales/#@{Address}/",
            $"/app/[::1]:{port}/", $"/app/sales:{port}/", $"http://127.0.0.1@{Address}/app/sales/", $"{Address}", $"http://[::ffff:{host}]:{port}/app/sales/", $"ftp://{Address}/", $"file:///etc/passwd", $"/open/http://{Address}/", $"/open//{Address}/",
        ];
        foreach (var target in targets)
        {
            foreach (var method in (string[])["GET", "POST", "CONNECT", "OPTIONS"])
            {
                (await threats.AskAsync(ThreatHub.Boss, Listener.Users, method, target)).IsRefusal.Should().BeTrue($"{method} {target} leads nowhere");
            }
        }

        threats.Seen().Should().BeEmpty();
        string[] behind = [$"/app/sales/..//{Address}/", $"/app/sales//{Address}/", $"/app/sales/\\\\{Address}/", $"/app/sales/%0d%0aHost:%20{Address}"];
        foreach (var target in behind)
        {
            (await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", target)).Body.Should().Contain("content of sales", "what follows the slug names no server");
        }

        threats.Seen().Should().Equal(behind.Select(target => $"sales GET {target}"));
        string[] names = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "Destination", "Proxy-Host", "Base-Url", "Request-Uri", "Referer", "From", "Via", "X-Wap-Profile", "Contact", "True-Client-IP"];
        foreach (var name in names)
        {
            foreach (var value in (string[])[Address, $"http://{Address}/", $"host={Address}"])
            {
                (await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", $"{name}: {value}")).Body.Should().Contain("content of sales");
            }
        }

        (await RawClient.AskAsync(ThreatHub.Kim, threats.Port(Listener.Users), "GET", "/app/sales/", $"Host: {Address}")).Body.Should().Contain("content of sales", "the port of Host steers nothing");
        threats.Seen().Should().HaveCount((names.Length * 3) + 1);
        canary.Pending().Should().BeFalse();
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("http://evil.example/")]
    [InlineData("\\\\evil.example\\")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example/")]
    [InlineData("/\r\nLocation: x")]
    [InlineData("evil")]
    [InlineData("")]
    public async Task A_form_that_wants_to_go_elsewhere_goes_home(string back)
    {
        foreach (var (target, value) in ((string, string)[])[("/_hub/culture", "ko"), ("/_hub/theme", "dark"), ("/_hub/apps/sales/retry", "")])
        {
            var answer = await threats.PostFormAsync(ThreatHub.Kim, target, ("value", value), ("back", back));
            answer.Status.Should().Be(303);
            answer.Header("Location").Should().Equal("/");
        }
    }

    private static TcpListener StartCanary()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
