using System.Net.Sockets;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Runs;

/// <summary>Opens connections to apps. The listener on an app's port must be a process of the app's run.</summary>
internal sealed class AppConnector(ListenerProof isOwn)
{
    /// <summary>Opens a connection for an HTTP client.</summary>
    /// <exception cref="IOException">Another program listens there, or too few descriptors are left.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (!Descriptors.LeaveRoom(socket.Handle, Descriptors.ForConnecting))
            {
                throw new IOException("Too few file descriptors are left for another connection to an app.");
            }

            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);

            // Checked after the connect: if the run is the listener now and was before, it has accepted this connection.
            if (!isOwn(new AppEndpoint(context.DnsEndPoint.Port)))
            {
                throw new IOException($"The listener on port {context.DnsEndPoint.Port} is not the app to which the port is assigned.");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
