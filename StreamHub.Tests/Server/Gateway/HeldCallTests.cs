using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Gateway;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>What may happen to programs' requests that wait for an app to start.</summary>
public sealed class HeldCallTests : TimedHub
{
    [Fact]
    public async Task A_large_body_waits_with_its_sender_and_arrives_whole()
    {
        var received = 0L;
        Backend.Answer = async context =>
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await context.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
            {
                received += count;
            }
        };
        using var body = new ByteArrayContent(new byte[20_000_000]);
        var asking = Hub.Client.PostAsync("/app/other/hook", body, Cancellation);
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        await Hub.ReadyAsync(Backend, "other");
        using var answer = await asking;
        (answer.StatusCode, received, Backend.Seen.Count).Should().Be((HttpStatusCode.OK, 20_000_000, 1));
    }

    [Fact]
    public async Task Many_programs_at_once_wait_for_one_start_and_each_is_answered_once()
    {
        var asking = Enumerable.Range(0, 20).Select(number => AskAsync("other", "POST", $"hook/{number}")).ToArray();
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        await Hub.ReadyAsync(Backend, "other");
        (await Task.WhenAll(asking)).Should().OnlyContain(answer => answer.Status == 200);
        Backend.Seen.Select(request => request.Target).Should().BeEquivalentTo(Enumerable.Range(0, 20).Select(number => $"/app/other/hook/{number}"));
        Hub.Supervisor.State.NextRun.Value.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_who_left_while_waiting_reaches_the_app(bool isReset)
    {
        using (var gone = await RawClient.ConnectAsync("127.0.0.1", Hub.Address.Port, Cancellation))
        {
            await gone.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/gone HTTP/1.1\r\nHost: {Hub.Address.Authority}\r\nContent-Length: 5\r\n\r\nhello"), Cancellation);
            await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
            gone.LingerState = new LingerOption(isReset, 0);
        }

        await Eventually.TrueAsync(() => Hub.Connections == 0);
        await Hub.ReadyAsync(Backend, "other");
        (await AskAsync("other", "GET", "next")).Status.Should().Be(200);
        Backend.Seen.Should().ContainSingle().Which.Target.Should().Be("/app/other/next");
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

        var asking = AskAsync("other", "POST", "hook");
        await Hub.ReadyAsync(closed, "other");
        var answer = await asking;
        (answer.Status, answer.Header("Retry-After")).Should().BeEquivalentTo((502, new[] { "2" }));

        await Hub.Supervisor.AskAsync(new HubEvent.Exited(Hub.Supervisor.State.Find(Other)!.ReadyRun!.Id, new ExitOutcome.Exited(1)));
        var again = AskAsync("other", "POST", "hook");
        await PassAsync(TimeSpan.FromSeconds(5));
        await Hub.ReadyAsync(Backend, "other");
        ((await again).Status, Backend.Seen.Count).Should().Be((200, 1));
    }

    [Fact]
    public async Task What_a_connection_carried_in_vain_is_no_part_of_its_next_request()
    {
        using var socket = await RawClient.ConnectAsync("127.0.0.1", Hub.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/first HTTP/1.1\r\nHost: {Hub.Address.Authority}\r\nContent-Length: 29\r\n\r\nGET /app/other/x HTTP/1.1\r\n\r\n"), Cancellation);
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        var buffer = new byte[16 * 1024];
        await Time.BeginsAsync(RunSelector.Patience);
        Time.Advance(RunSelector.Patience);
        Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancellation)).Should().StartWith("HTTP/1.1 503").And.Contain("Retry-After: 2");

        await Hub.ReadyAsync(Backend, "other");
        string? body = null;
        Backend.Answer = async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/second HTTP/1.1\r\nHost: {Hub.Address.Authority}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"), Cancellation);
        await RawClient.EndsAsync(socket, Cancellation);
        (Backend.Seen.Should().ContainSingle().Subject.Target, body).Should().Be(("/app/other/second", "hello"));
    }
}
