using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamHub.Server.Limits;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Limits;

/// <summary>T26, T27: whoever sends or reads too slowly is cut off, whoever sends too much is held up, and nobody else notices.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private const int Many = 100;

    // The system asks a closed window less and less often, and ends the connection when it asks.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<Socket> sockets = [];
    private LimitHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await LimitHub.StartAsync("StallTimeout=1s");

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_too_slowly_is_cut_off()
    {
        // Nothing at all is what a browser that connects ahead sends; the limit on connections holds for it.
        await OpenAsync("");
        var slow = sockets.Count;
        string[] beginnings =
        [
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-",
            "POST /app/sales/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc",
            "POST /_hub/theme HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 1000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nvalue=",
        ];
        foreach (var beginning in beginnings)
        {
            await OpenAsync(beginning);
        }

        await Task.WhenAll(EndAsync(sockets[slow..]), LeeIsServedAsync());

        // The other end learns of the cut a moment before the hub has noted it; the silent ones stay.
        var connections = hub.Hub.Get<ConnectionLimit>().Of(Listener.Users);
        await Eventually.TrueAsync(() => connections.Taken < 2 * Many);
        connections.Taken.Should().BeGreaterThanOrEqualTo(Many);
        var cut = FullHub.Count((await hub.Hub.RefusalsAsync("refused.message")).Where(row => row.Address == LimitHub.Kim && row.After!.Contains("\"answer\":\"408 ")));
        cut.Should().Be(beginnings.Length * Many);
    }

    [Fact]
    public async Task Who_takes_nothing_of_an_answer_or_of_a_socket_is_cut_off()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows has its own times");
        const int answers = 20;

        // More than the buffers of two sockets hold, for ever: the app never stops by itself.
        hub.Backend.Answer = async context =>
        {
            var megabyte = new byte[1024 * 1024];
            while (context.Request.Path == "/app/sales/endless")
            {
                await context.Response.Body.WriteAsync(megabyte, context.RequestAborted);
                context.RequestAborted.ThrowIfCancellationRequested();
            }
        };
        hub.Backend.Socket = async (socket, aborted) =>
        {
            while (true)
            {
                await socket.SendAsync(new byte[1024 * 1024], WebSocketMessageType.Binary, endOfMessage: true, aborted);
            }
        };
        await OpenAsync("GET /app/sales/endless HTTP/1.1\r\nHost: localhost\r\n\r\n", answers);
        using var socket = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(), Cancellation);
        await socket.SendAsync(hub.Opening(), Cancellation);
        var ends = Enumerable.Range(0, answers + 1).Select(_ => hub.Backend.Aborted.Reader.ReadAsync(Cancellation).AsTask()).ToArray();
        await Task.WhenAll(Task.WhenAll(ends).WaitAsync(Patience, TimeProvider.System, Cancellation), LeeIsServedAsync());
    }

    [Fact]
    public async Task A_message_as_large_as_it_likes_goes_no_further_than_the_app_reads()
    {
        // A frame of 200 MB (RFC 6455, 5.2), of which the app reads 4 KiB before it ends the socket.
        hub.Backend.Socket = async (socket, _) =>
        {
            await socket.ReceiveAsync(new byte[4096], Cancellation);
            socket.Abort();
        };
        const int large = 200 * 1024 * 1024;
        using var socket = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(), Cancellation);
        await socket.SendAsync(hub.Opening(), Cancellation);
        (await LimitHub.HeadAsync(socket, Cancellation)).Should().StartWith("HTTP/1.1 101");
        await socket.SendAsync(new byte[] { 0x82, 0xff, 0, 0, 0, 0, 0x0c, 0x80, 0, 0, 0, 0, 0, 0 }, Cancellation);
        var (sent, chunk) = (0, new byte[64 * 1024]);
        var sending = async () =>
        {
            while (sent < large)
            {
                sent += await socket.SendAsync(chunk, Cancellation);
            }
        };
        await sending.Should().ThrowAsync<SocketException>();
        sent.Should().BeLessThan(large / 4, "what is not read fills the sockets between, and the hub keeps none of it");
        hub.Backend.Socket = null;
        await hub.LeesSocketWorksAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task OpenAsync(string beginning, int many = Many)
    {
        for (var i = 0; i < many; i++)
        {
            var socket = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(), Cancellation);
            socket.ReceiveBufferSize = 4096;
            sockets.Add(socket);
            await socket.SendAsync(Encoding.ASCII.GetBytes(beginning), Cancellation);
        }
    }

    /// <summary>Waits until the hub has ended all of them, which keep a byte a second coming.</summary>
    private static async Task EndAsync(List<Socket> slow)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        var ends = Task.WhenAll(slow.Select(socket => RawClient.EndsAsync(socket, patience.Token)));
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (!ends.IsCompleted)
        {
            foreach (var socket in slow)
            {
                try
                {
                    await socket.SendAsync("a"u8.ToArray(), patience.Token);
                }
                catch (SocketException)
                {
                    // This one has ended.
                }
            }

            await Task.WhenAny(ends, second.WaitForNextTickAsync(patience.Token).AsTask());
        }

        await ends;
    }

    private Task LeeIsServedAsync() => hub.LeeIsServedAsync(times: 50);
}
