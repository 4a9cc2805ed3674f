using System.Net.Sockets;
using System.Net.WebSockets;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.TestKit;

/// <summary>
/// HTTP and WebSocket from a chosen source address: somebody the hub knows as 127.0.0.x. What may change something names the
/// origin that it asks, as the hub's own pages do, unless it names another or shows a token. Follows no redirect.
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

            // Whatever the name in the address, the server under test is on this machine.
            ConnectCallback = async (context, cancellationToken) => new NetworkStream(await RawClient.ConnectAsync(source, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
        };
        Http = new HttpClient(new OwnOrigin { InnerHandler = handler });
        invoker = Http;
    }

    public HttpClient Http { get; }

    /// <summary>Presses the button on the page of a one-time admin link.</summary>
    public async Task<HttpResponseMessage> ClaimAsync(string link)
    {
        var page = new Uri(link);
        using var form = new FormUrlEncodedContent([new("token", page.Query.Split("token=", 2)[1])]);
        return await Http.PostAsync(new Uri(page, "/claim"), form);
    }

    /// <summary>Opens a WebSocket from the same source address.</summary>
    /// <exception cref="WebSocketException">The server refused the upgrade; <paramref name="configure"/> can ask for its status.</exception>
    public async Task<ClientWebSocket> ConnectAsync(Uri address, Action<ClientWebSocketOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
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

    private sealed class OwnOrigin : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && !request.Headers.Contains("Origin") && !request.Headers.Contains("Authorization"))
            {
                request.Headers.Add("Origin", request.RequestUri!.GetLeftPart(UriPartial.Authority));
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
