using System.Net;
using System.Text;
using StreamHub.Server.AppGuards;
using StreamHub.Server.Runs;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>The one HTTP client to all apps, and how long it waits for them.</summary>
internal sealed class AppForwarder(IHttpForwarder forwarder, AppConnector connector) : IDisposable
{
    /// <summary>For requests: a script may compute for long before it answers, but bytes have to move at last.</summary>
    public static readonly ForwarderRequestConfig Requests = new() { ActivityTimeout = TimeSpan.FromMinutes(10), Version = HttpVersion.Version11 };

    /// <summary>For WebSockets: an idle one lives as long as its two ends do; Streamlit itself pings every 30 s.</summary>
    public static readonly ForwarderRequestConfig Upgrades = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, Version = HttpVersion.Version11 };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // uvicorn closes a connection that was idle for 5 s; a request sent into that closing fails.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = connector.ConnectAsync,
    });

    /// <summary>Forwards a request and its answer, or a WebSocket until one side ends it.</summary>
    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string origin, bool isUpgrade, AppTransformer transformer, CancellationToken cancellationToken) =>
        forwarder.SendAsync(context, origin, client, isUpgrade ? Upgrades : Requests, transformer, cancellationToken);

    /// <summary>Asks an app on the hub's own behalf.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri address, string pairing, CancellationToken cancellationToken) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { PairingNames.Header, pairing } } }, cancellationToken);

    public void Dispose() => client.Dispose();
}
