using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Limits;

/// <summary>T29: what is larger than the hub takes is refused at the boundary, and no app sees it.</summary>
public sealed class MessageSizeTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const int HeaderSize = 32 * 1024;
    private const int MaxLineLength = 8 * 1024;
    private const int LargestForm = 16 * 1024;
    private const int LargestBody = 4 * 1024 * 1024;

    [Theory]
    [InlineData(Listener.Users, ThreatHub.Kim, "/app/sales/x")]
    [InlineData(Listener.Admin, ThreatHub.Boss, "/api/v1/users")]
    public async Task Headers_end_at_32_KiB_and_at_a_hundred(Listener listener, string who, string path)
    {
        threats.Reset();
        string[] lines = [$"Host: {threats.Authority(listener)}", "Connection: close", "X-Long: "];
        var rest = HeaderSize - lines.Sum(line => line.Length + 2);
        foreach (var (over, status) in new[] { (-1000, 200), (-1, 200), (0, 200), (1, 431), (2, 431), (1000, 431), (HeaderSize, 431), (1024 * 1024, 431) })
        {
            var answer = await threats.AskAsync(who, listener, "GET", path, "Connection: close", "X-Long: " + new string('a', rest + over));
            (over, answer.Status).Should().Be((over, status));
        }

        foreach (var (count, status) in new[] { (99, 200), (100, 200), (101, 431), (1000, 431) })
        {
            var answer = await threats.AskAsync(who, listener, "GET", path, ["Connection: close", .. Enumerable.Range(0, count - 2).Select(number => $"X-{number}: 1")]);
            (count, answer.Status).Should().Be((count, status));
        }

        threats.Seen().Should().HaveCount(listener == Listener.Users ? 5 : 0);
    }

    [Fact]
    public async Task Request_lines_end_at_8_KiB()
    {
        threats.Reset();
        foreach (var path in (string[])["/app/sales/", "/app/sales/?"])
        {
            // The method, the version and the line's end count, too.
            var room = MaxLineLength - $"GET {path} HTTP/1.1\r\n".Length;
            foreach (var (over, status) in new[] { (-100, 200), (-1, 200), (0, 200), (1, 414), (2, 414), (MaxLineLength, 414), (1024 * 1024, 414) })
            {
                var answer = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", path + new string('a', room + over));
                (path, over, answer.Status).Should().Be((path, over, status));
            }
        }

        threats.Seen().Should().HaveCount(6);
    }

    [Theory]
    [InlineData(Listener.Users, ThreatHub.Unregistered, "POST", "/_hub/theme", LargestForm)]
    [InlineData(Listener.Users, ThreatHub.Unregistered, "POST", "/_hub/request", LargestForm)]
    [InlineData(Listener.Users, ThreatHub.Kim, "POST", "/_hub/culture", LargestForm)]
    [InlineData(Listener.Admin, ThreatHub.Unregistered, "POST", "/_hub/theme", LargestForm)]
    [InlineData(Listener.Admin, ThreatHub.Boss, "PUT", "/api/v1/users/new", LargestBody)]
    public async Task Bodies_for_the_hub_itself_end_at_16_KiB_for_forms_and_4_MiB(Listener listener, string who, string method, string path, int largest)
    {
        foreach (var (length, status) in new[] { (1000, 400), (largest, 400), (largest + 1, 413), (int.MaxValue, 413) })
        {
            // The length alone decides; the body of the refused ones is never sent.
            var body = status == 413 ? "" : new string('a', length);
            var type = path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "application/x-www-form-urlencoded";
            string[] head =
            [
                $"{method} {path} HTTP/1.1", $"Host: {threats.Authority(listener)}", $"Origin: http://{threats.Authority(listener)}", $"Content-Type: {type}", $"Content-Length: {length}", "Connection: close", "", body,
            ];
            var answer = await RawClient.SendAsync(who, threats.Port(listener), Encoding.Latin1.GetBytes(string.Join("\r\n", head)));
            (length, answer.Status).Should().Be((length, status));
        }
    }

    [Fact]
    public async Task A_body_for_an_app_is_measured_by_the_app()
    {
        threats.Reset();
        var received = 0L;
        threats.Sales.Answer = async context =>
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                received += count;
            }

            context.Response.StatusCode = received > 2 * LargestBody ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status200OK;
        };
        foreach (var (length, status) in new[] { (LargestBody, 200), (LargestBody + 1, 200), (2 * LargestBody, 200), ((2 * LargestBody) + 1, 413) })
        {
            received = 0;
            string[] head = ["POST /app/sales/upload HTTP/1.1", $"Host: {threats.Authority(Listener.Users)}", $"Content-Length: {length}", "Connection: close", "", new string('a', length)];
            var answer = await RawClient.SendAsync(ThreatHub.Kim, threats.Port(Listener.Users), Encoding.Latin1.GetBytes(string.Join("\r\n", head)));
            (length, answer.Status, received).Should().Be((length, status, length));
        }

        threats.Reset();
    }

    [Fact]
    public async Task What_the_server_itself_refuses_is_in_the_audit()
    {
        await using var hub = await LimitHub.StartAsync("HeaderSize=8192");
        var large = "X: " + new string('a', 8192);
        (await RawClient.AskAsync(LimitHub.Kim, hub.Port(), "GET", "/", "Host: localhost", large)).Status.Should().Be((int)HttpStatusCode.RequestHeaderFieldsTooLarge);
        (await RawClient.AskAsync(LimitHub.Unregistered, hub.Port(Listener.Admin), "G@T", "/", "Host: localhost")).Status.Should().Be(400);
        (await RawClient.AskAsync(LimitHub.Proxy, hub.Port(), "GET", "/", "Host: localhost", $"X-Forwarded-For: {LimitHub.FarKim}", large)).Status.Should().Be(431);
        (await hub.Hub.RefusalsAsync("refused.message")).Select(row => $"{row.Actor}|{row.Address}|{row.After}").Should().BeEquivalentTo(
            """|127.0.0.7|{"count":1,"answer":"431 Request headers too long."}""",
            """|127.0.0.9|{"count":1,"answer":"400 Invalid request line: ''"}""",
            """||{"count":1,"answer":"431 Request headers too long."}""");
    }
}
