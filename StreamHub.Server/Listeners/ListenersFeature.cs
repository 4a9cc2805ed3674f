using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>The two listeners and their limits.</summary>
internal static class ListenersFeature
{
    private const int MaxLineLength = 8 * 1024;
    private const int MaxHeaders = 100;
    private const long LargestBody = 4 * 1024 * 1024;

    /// <summary>
    /// Registers this folder, and opens the listeners at once; the server takes them over when the hub is ready, see <see cref="ListenSockets"/>.
    /// </summary>
    public static IServiceCollection AddListeners(this IServiceCollection services, HubSettings settings)
    {
        services.AddSingleton<BoundListeners>();
        services.AddSingleton<ListenerLinks>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<MatcherPolicy, ListenerMatcherPolicy>();

        // The last added factory has precedence.
        services.AddSingleton<SocketTransportFactory>().AddSingleton<IConnectionListenerFactory, ReservingListenerFactory>();

        var open = ListenSockets.Open(settings.UsersListener, settings.AdminListener);

        // Registered by a factory, because ready instances are not disposed of.
        services.AddSingleton(_ => open);
        services.AddOptions<SocketTransportOptions>().Configure<ListenSockets>((options, sockets) => options.CreateBoundListenSocket = sockets.Take);
        return services;
    }

    /// <summary>Configures the two listeners.</summary>
    /// <param name="first">The first middleware of each connection.</param>
    public static void ListenOn(this KestrelServerOptions kestrel, HubSettings settings, Action<ListenOptions> first)
    {
        // RFC 9112, 2.2 permits a bare LF as a line terminator; a proxy in front may not, and would forward as one line what
        // the hub reads as two.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        kestrel.AddServerHeader = false;

        // RFC 9110, 5.5: the value of a header is bytes. Latin-1 has a character for each, so that apps and their clients get what was sent.
        kestrel.RequestHeaderEncodingSelector = kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        var (limits, traffic) = (kestrel.Limits, settings.Traffic);
        limits.MaxRequestHeadersTotalSize = traffic.HeaderSize;
        limits.MaxRequestLineSize = MaxLineLength;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.RequestHeadersTimeout = traffic.HeaderTimeout;
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = traffic.SlowestRate > 0 ? new MinDataRate(traffic.SlowestRate, traffic.SlowestRateGrace) : null;

        // For the hub's own forms and uploads; the size of requests to an app is limited by the app.
        limits.MaxRequestBodySize = LargestBody;

        // SocketLimit refuses earlier, with a response; it counts each listener, Kestrel counts both together.
        limits.MaxConcurrentUpgradedConnections = 2L * traffic.Sockets;
        kestrel.Listen(settings.UsersListener, options => SetUp(options, Listener.Users, traffic, first));
        kestrel.Listen(settings.AdminListener, options => SetUp(options, Listener.Admin, traffic, first));
    }

    private static void SetUp(ListenOptions options, Listener listener, TrafficLimits traffic, Action<ListenOptions> first)
    {
        var feature = new ListenerInfo(listener);
        options.Protocols = HttpProtocols.Http1;
        options.Use(next => connection =>
        {
            connection.Features.Set(feature);
            if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
            {
                SocketTimeouts.Set(socket, traffic.StallTimeout);
            }

            return next(connection);
        });
        first(options);
    }
}
