using System.Net.Sockets;
using System.Net.WebSockets;
using StreamHub.Server.Limits;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Limits;

/// <summary>T26, T27: what one address may hold open ends somewhere, and the others do not notice.</summary>
public sealed class ConnectionLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_of_one_address_end_at_its_share_and_come_back()
    {
        const int most = 20;
        await using var hub = await LimitHub.StartAsync($"ConnectionsPerAddress={most}");
        var places = hub.Hub.Get<ConnectionLimit>().Of(Listener.Users);
        for (var round = 0; round < 2; round++)
        {
            var sockets = await OpenAsync(hub, 200, _ => LimitHub.Kim);
            var kept = await KeptAsync(sockets, 200 - most);
            kept.Should().HaveCount(most);
            foreach (var socket in kept)
            {
                (await hub.AskAsync(socket, "/healthz", Cancellation)).Should().StartWith("HTTP/1.1 200");
            }

            await hub.LeeIsServedAsync();
            await hub.LeesSocketWorksAsync();
            using (var admins = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(Listener.Admin), Cancellation))
            {
                (await hub.AskAsync(admins, "/healthz", Cancellation, $"X: {round}")).Should().StartWith("HTTP/1.1 200", "the other door counts for itself");
            }

            sockets.ForEach(socket => socket?.Dispose());
            await Eventually.TrueAsync(() => places.Taken < most);
        }

        var rows = await hub.Hub.RefusalsAsync("refused.connections");
        FullHub.Count(rows).Should().Be(2 * (200 - most));
        rows.Should().OnlyContain(row => row.Address == LimitHub.Kim && row.After!.Contains($"\"to\":\"127.0.0.1:{hub.Port()}\""));
    }

    [Fact]
    public async Task Unregistered_clients_together_leave_room_for_those_who_are_let_in()
    {
        await using var hub = await LimitHub.StartAsync("Connections=80", "Sockets=40");
        var sockets = await OpenAsync(hub, 200, number => $"127.1.{number}.1");
        (await KeptAsync(sockets, 180)).Should().HaveCount(20, "a quarter is for strangers");
        await hub.LeeIsServedAsync();
        await hub.LeesSocketWorksAsync();
        sockets.ForEach(socket => socket?.Dispose());
    }

    [Fact]
    public async Task A_known_proxy_stands_for_many()
    {
        await using var hub = await LimitHub.StartAsync("ConnectionsPerAddress=5");
        var sockets = await OpenAsync(hub, 50, _ => LimitHub.Proxy);
        foreach (var socket in sockets)
        {
            (await hub.AskAsync(socket!, "/", Cancellation, $"X-Forwarded-For: {LimitHub.FarKim}")).Should().StartWith("HTTP/1.1 200");
        }

        sockets.ForEach(socket => socket?.Dispose());
    }

    [Fact]
    public async Task A_tokens_sockets_have_the_share_of_their_address()
    {
        const int most = 5;
        await using var hub = await LimitHub.StartAsync($"SocketsPerAddress={most}");
        var (_, secret) = await hub.Hub.Tokens.CreateAsync(new TokenEntry { Name = "screen", Scope = "read" }, FullHub.Actor, Cancellation);
        var live = new UriBuilder(hub.Hub.Admin) { Scheme = "ws", Path = "hubs/live" }.Uri;
        var sockets = new List<ClientWebSocket>();
        using var script = new PersonaClient(LimitHub.Unregistered);
        for (var number = 0; number < most; number++)
        {
            sockets.Add(await script.ConnectAsync(live, Authorize, Cancellation));
        }

        var refused = async () => await script.ConnectAsync(live, Authorize, Cancellation);
        (await refused.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("503");
        sockets.ForEach(socket => socket.Dispose());

        void Authorize(ClientWebSocketOptions options) => options.SetRequestHeader("Authorization", $"Bearer {secret}");
    }

    [Fact]
    public async Task Sockets_of_one_address_end_at_its_share_and_leave_nothing_behind()
    {
        const int most = 50, all = 500;
        await using var hub = await LimitHub.StartAsync($"SocketsPerAddress={most}");
        var (open, refused) = (new List<Socket>(), 0);
        await Parallel.ForAsync(0, all, new ParallelOptions { MaxDegreeOfParallelism = 40, CancellationToken = Cancellation }, async (number, cancellation) =>
        {
            var socket = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(), cancellation);
            await socket.SendAsync(hub.Opening(), cancellation);
            var head = await LimitHub.HeadAsync(socket, cancellation);
            if (head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            {
                lock (open)
                {
                    open.Add(socket);
                }
            }
            else
            {
                head.Should().StartWith("HTTP/1.1 503").And.Contain("Retry-After: ");
                Interlocked.Increment(ref refused);
                socket.Dispose();
            }

            if (number % 100 == 0)
            {
                await hub.LeeIsServedAsync(times: 1);
                await hub.LeesSocketWorksAsync();
            }
        });
        (open.Count, refused).Should().Be((most, all - most));

        var (places, connections) = (hub.Hub.Get<SocketCounts>().Of(Listener.Users), hub.Hub.Get<ConnectionLimit>().Of(Listener.Users));

        // The end of lee's may take a moment.
        await Eventually.TrueAsync(() => places.Taken == most);
        open.ForEach(socket => socket.Dispose());
        await Eventually.TrueAsync(() => places is { Taken: 0, Holders: 0 } && connections.Taken < most && hub.Hub.Get<StreamHub.Server.Sessions.SessionTable>().All.Count == 0);
        using var again = await RawClient.ConnectAsync(LimitHub.Kim, hub.Port(), Cancellation);
        await again.SendAsync(hub.Opening(), Cancellation);
        (await LimitHub.HeadAsync(again, Cancellation)).Should().StartWith("HTTP/1.1 101");
        (await hub.Hub.RefusalsAsync("refused.sockets")).Should().Contain(row => row.Address == LimitHub.Kim && row.Actor == "kim" && row.Target == "sales");
    }

    /// <summary>Opens connections; null stands for one that was closed before it was known to be open.</summary>
    private static async Task<List<Socket?>> OpenAsync(LimitHub hub, int count, Func<int, string> source)
    {
        var sockets = new List<Socket?>();
        for (var number = 0; number < count; number++)
        {
            try
            {
                sockets.Add(await RawClient.ConnectAsync(source(number), hub.Port(), Cancellation));
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                sockets.Add(null);
            }
        }

        return sockets;
    }

    /// <summary>Waits until so many were closed by the hub; the others.</summary>
    private static async Task<List<Socket>> KeptAsync(List<Socket?> sockets, int closed)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var ends = sockets.OfType<Socket>().Select(socket => (socket, End: RawClient.EndsAsync(socket, enough.Token))).ToList();
        var left = ends.ConvertAll(end => end.End);
        for (var i = sockets.Count - ends.Count; i < closed; i++)
        {
            left.Remove(await Task.WhenAny(left));
        }

        List<Socket> kept = [.. ends.Where(end => !end.End.IsCompleted).Select(end => end.socket)];
        await enough.CancelAsync();
        await Task.WhenAll(left).ContinueWith(_ => { }, TaskScheduler.Default);
        return kept;
    }
}
