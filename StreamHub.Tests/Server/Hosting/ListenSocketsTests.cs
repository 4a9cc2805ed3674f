using System.Net;
using System.Net.Sockets;
using StreamHub.Server.Listeners;

namespace StreamHub.Tests.Server.Hosting;

public sealed class ListenSocketsTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Who_connects_before_the_server_is_ready_waits_for_it()
    {
        using var sockets = ListenSockets.Open(AnyPort, AnyPort);
        using var users = sockets.Take(AnyPort);
        using var admin = sockets.Take(AnyPort);
        users.LocalEndPoint.Should().NotBe(admin.LocalEndPoint);

        using var visitor = new TcpClient();
        await visitor.ConnectAsync((IPEndPoint)users.LocalEndPoint!, TestContext.Current.CancellationToken);
        await visitor.GetStream().WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);

        // As the server does with what it is given.
        users.Listen(512);
        using var accepted = await users.AcceptAsync(TestContext.Current.CancellationToken);
        var received = new byte[5];
        await accepted.ReceiveAsync(received, TestContext.Current.CancellationToken);
        received.Should().Equal("hello"u8.ToArray());
    }

    [Fact]
    public void An_address_that_is_taken_is_the_servers_to_complain_of()
    {
        using var other = new TcpListener(AnyPort);
        other.Start();
        var address = (IPEndPoint)other.LocalEndpoint;
        using var sockets = ListenSockets.Open(address);

        var take = () => sockets.Take(address);
        take.Should().Throw<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.AddressAlreadyInUse);
    }

    [Fact]
    public void What_no_server_takes_is_given_back()
    {
        IPEndPoint address;
        using (var probe = new TcpListener(AnyPort))
        {
            probe.Start();
            address = (IPEndPoint)probe.LocalEndpoint;
        }

        ListenSockets.Open(address).Dispose();
        using var next = new TcpListener(address);
        next.Start();
    }
}
