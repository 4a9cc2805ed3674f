using System.Net.WebSockets;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>WebSockets as pages of the hub open them, and what becomes of them.</summary>
internal static class AppSockets
{
    /// <summary>Opens one from an address, with the listener's own origin.</summary>
    public static async Task<ClientWebSocket> OpenAsync(string from, Uri listener, string path)
    {
        using var persona = new PersonaClient(from);
        return await persona.ConnectAsync(
            new UriBuilder(listener) { Scheme = "ws", Path = path }.Uri,
            options => options.SetRequestHeader("Origin", listener.GetLeftPart(UriPartial.Authority)),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Reads until it is cut.</summary>
    public static async Task EndsAsync(ClientWebSocket socket, TimeSpan patience)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(patience);
        var cut = async () =>
        {
            while (true)
            {
                await socket.ReceiveAsync(new byte[4096], end.Token);
            }
        };
        await cut.Should().ThrowAsync<WebSocketException>();
    }

    /// <summary>Reads what comes next.</summary>
    public static async Task GoesOnAsync(ClientWebSocket socket) =>
        (await socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken)).MessageType.Should().Be(WebSocketMessageType.Text);
}
