using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>What may happen to programs' requests that wait for an app to start.</summary>
public sealed class HeldCallTests : IAsyncLifetime
{
    private static readonly InstanceKey Other = new(AppSlug.Parse("other"));

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync(time: time);
        backend = await RecordingBackend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task A_large_body_waits_with_its_sender_and_arrives_whole()
    {
        var received = 0L;
        backend.Answer = async context =>
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await context.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
            {
                received += count;
            }
        };
        using var body = new ByteArrayContent(new byte[20_000_000]);
        var asking = hub.Client.PostAsync("/app/other/hook", body, Cancellation);
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        await hub.ReadyAsync(backend, "other");
        using var answer = await asking;
        (answer.StatusCode, received, backend.Seen.Count).Should().Be((HttpStatusCode.OK, 20_000_000, 1));
    }

    [Fact]
    public async Task Many_programs_at_once_wait_for_one_start_and_each_is_answered_once()
    {
        var asking = Enumerable.Range(0, 20).Select(number => AskAsync("POST", $"hook/{number}")).ToArray();
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        await hub.ReadyAsync(backend, "other");
        foreach (var answer in await Task.WhenAll(asking))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Dispose();
        }

        backend.Seen.Select(request => request.Target).Should().BeEquivalentTo(Enumerable.Range(0, 20).Select(number => $"/app/other/hook/{number}"));
        hub.Supervisor.State.NextRun.Value.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_who_left_while_waiting_reaches_the_app(bool isReset)
    {
        using (var gone = await RawClient.ConnectAsync("127.0.0.1", hub.Address.Port, Cancellation))
        {
            await gone.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/gone HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Length: 5\r\n\r\nhello"), Cancellation);
            await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
            gone.LingerState = new LingerOption(isReset, 0);
        }

        await Eventually.TrueAsync(() => hub.Connections == 0);
        await hub.ReadyAsync(backend, "other");
        using var answer = await AskAsync("GET", "next");
        backend.Seen.Should().ContainSingle().Which.Target.Should().Be("/app/other/next");
    }

    [Fact]
    public async Task An_app_that_ends_when_it_is_ready_gets_nothing_and_the_program_is_told_to_come_back()
    {
        int closed;
        using (var ended = new TcpListener(IPAddress.Loopback, 0))
        {
            ended.Start();
            closed = ((IPEndPoint)ended.LocalEndpoint).Port;
        }

        var asking = AskAsync("POST", "hook");
        await hub.ReadyAsync(closed, "other");
        using (var answer = await asking)
        {
            (answer.StatusCode, answer.Headers.RetryAfter).Should().Be((HttpStatusCode.BadGateway, new RetryConditionHeaderValue(TimeSpan.FromSeconds(2))));
        }

        await hub.Supervisor.AskAsync(new HubEvent.Exited(hub.Supervisor.State.Find(Other)!.ReadyRun!.Id, new ExitOutcome.Exited(1)));
        var again = AskAsync("POST", "hook");
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return hub.Supervisor.State.Find(Other)!.StartingRun is not null;
        });
        await hub.ReadyAsync(backend, "other");
        using var late = await again;
        (late.StatusCode, backend.Seen.Count).Should().Be((HttpStatusCode.OK, 1));
    }

    [Fact]
    public async Task What_a_connection_carried_in_vain_is_no_part_of_its_next_request()
    {
        using var socket = await RawClient.ConnectAsync("127.0.0.1", hub.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/first HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Length: 29\r\n\r\nGET /app/other/x HTTP/1.1\r\n\r\n"), Cancellation);
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        var buffer = new byte[16 * 1024];
        var receiving = socket.ReceiveAsync(buffer, Cancellation).AsTask();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return receiving.IsCompleted;
        });
        Encoding.Latin1.GetString(buffer, 0, await receiving).Should().StartWith("HTTP/1.1 503").And.Contain("Retry-After: 2");

        await hub.ReadyAsync(backend, "other");
        string? body = null;
        backend.Answer = async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/second HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"), Cancellation);
        await RawClient.EndsAsync(socket, Cancellation);
        (backend.Seen.Should().ContainSingle().Subject.Target, body).Should().Be(("/app/other/second", "hello"));
    }

    private async Task<HttpResponseMessage> AskAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/app/other/{path}");
        return await hub.Client.SendAsync(request, Cancellation);
    }
}
