using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Listeners;

/// <summary>Accepts connections while enough <see cref="Descriptors"/> are left for the hub, and closes further ones at once.</summary>
internal sealed partial class ReservingListenerFactory(SocketTransportFactory sockets, SteadyClock clock, ILogger<ReservingListenerFactory> logger) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Reserving(await sockets.BindAsync(endpoint, cancellationToken), clock, logger);

    private sealed class Reserving(IConnectionListener listener, SteadyClock clock, ILogger logger) : IConnectionListener
    {
        private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

        private long refused;
        private DateTimeOffset? logged;

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await listener.AcceptAsync(cancellationToken) is { } connection)
            {
                if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket } || Descriptors.LeaveRoom(socket.Handle, Descriptors.ForAccepting))
                {
                    return connection;
                }

                connection.Abort();
                await connection.DisposeAsync();
                refused++;
                if (logged is null || clock.Now - logged >= LogInterval)
                {
                    logged = clock.Now;
                    Log.Refused(logger, EndPoint, refused);
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(1204, LogLevel.Error, "Closed a connection to {EndPoint}, because too few file descriptors are left ({Count} so far). The hub's limit of open files is too low, or clients open too many connections")]
        public static partial void Refused(ILogger logger, EndPoint endPoint, long count);
    }
}
