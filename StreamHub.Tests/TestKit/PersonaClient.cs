using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace StreamHub.Tests.TestKit;

/// <summary>
/// HTTP and WebSocket from a chosen source address: somebody the hub knows as 127.0.0.x, who names the origin that they ask,
/// unless they name another. Follows no redirect.
/// </summary>
internal sealed class PersonaClient : IDisposable
{
    private readonly HttpMessageInvoker invoker;

    public PersonaClient(string source)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));

                    // Whatever the name in the address, the server under test is on this machine.
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        Http = new HttpClient(new OwnOrigin { InnerHandler = handler });
        invoker = Http;
    }

    public HttpClient Http { get; }

    /// <summary>Opens a WebSocket from the same source address.</summary>
    /// <exception cref="WebSocketException">The server refused the upgrade; <paramref name="configure"/> can ask for its status.</exception>
    public async Task<ClientWebSocket> ConnectAsync(Uri address, Action<ClientWebSocketOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Origin", OwnOrigin.Of(address));
            configure?.Invoke(socket.Options);
            await socket.ConnectAsync(address, invoker, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Http.Dispose();
}
