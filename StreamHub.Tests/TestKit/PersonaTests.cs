using System.Net.WebSockets;

namespace StreamHub.Tests.TestKit;

public sealed class PersonaTests
{
    [Fact]
    public async Task A_persona_client_comes_from_its_address()
    {
        await using var server = await LocalPage.StartAsync("");
        using var kim = new PersonaClient("127.0.0.7");
        (await kim.Http.GetStringAsync($"{server.Origin}/who")).Should().StartWith("127.0.0.7 ");
    }

    [Fact]
    public async Task A_persona_client_speaks_websocket()
    {
        await using var server = await LocalPage.StartAsync("");
        using var kim = new PersonaClient("127.0.0.7");
        using var socket = await kim.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/echo"));
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[16];
        var answer = await socket.ReceiveAsync(buffer, CancellationToken.None);
        buffer[..answer.Count].Should().Equal("hello"u8.ToArray());
    }

    [Fact]
    public async Task A_forwarder_lends_its_source_address_and_keeps_its_own_port_in_the_host_header()
    {
        await using var server = await LocalPage.StartAsync("");
        await using var forwarder = new SourceForwarder("127.0.0.9", server.Port);
        using var client = new PersonaClient("127.0.0.1");
        (await client.Http.GetStringAsync($"{forwarder.Origin}/who")).Should().Be($"127.0.0.9 127.0.0.1:{forwarder.Port}");
    }

    [Fact]
    public async Task A_forwarder_cuts_what_is_open_and_takes_new_connections()
    {
        await using var server = await LocalPage.StartAsync("");
        await using var forwarder = new SourceForwarder("127.0.0.9", server.Port);
        using var client = new PersonaClient("127.0.0.1");
        using var socket = await client.ConnectAsync(new Uri($"ws://127.0.0.1:{forwarder.Port}/echo"));
        var receiving = socket.ReceiveAsync(new byte[16], CancellationToken.None);
        forwarder.Open.Should().Be(1);

        forwarder.CutConnections();

        await FluentActions.Awaiting(() => receiving).Should().ThrowAsync<WebSocketException>();
        (await client.Http.GetStringAsync($"{forwarder.Origin}/who")).Should().StartWith("127.0.0.9 ");
    }

    [Fact]
    public async Task A_disposed_forwarder_leaves_nothing_open()
    {
        await using var server = await LocalPage.StartAsync("");
        var forwarder = new SourceForwarder("127.0.0.9", server.Port);
        using var client = new PersonaClient("127.0.0.1");
        using var socket = await client.ConnectAsync(new Uri($"ws://127.0.0.1:{forwarder.Port}/echo"));
        await forwarder.DisposeAsync();
        forwarder.Open.Should().Be(0);
    }
}
