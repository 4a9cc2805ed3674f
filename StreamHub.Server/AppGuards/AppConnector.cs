using System.Net.Sockets;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;

namespace StreamHub.Server.AppGuards;

/// <summary>Opens connections to apps, and lets nobody be taken for one: what listens on an app's port has to be a process of its run.</summary>
internal sealed class AppConnector(ListenerProof isOwn)
{
    /// <summary>A connection for an HTTP client.</summary>
    /// <exception cref="IOException">Somebody else listens there, or no descriptor is left for it.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (!Descriptors.LeaveRoom(socket.Handle, Descriptors.ForConnecting))
            {
                throw new IOException("Too few descriptors are left for another connection to an app.");
            }

            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);

            // Looked at afterwards: what listens now, and did before, has listened all the while.
            if (!isOwn(new AppEndpoint(context.DnsEndPoint.Port)))
            {
                throw new IOException($"What listens on port {context.DnsEndPoint.Port} is not the app that was given it.");
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
