using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace StreamHub.Server.Listeners;

/// <summary>
/// The listeners' sockets, opened first in a start. Clients that connect meanwhile wait for a response instead of being refused:
/// disconnected pages retry at growing intervals, and would reconnect seconds later.
/// </summary>
internal sealed class ListenSockets : IDisposable
{
    private readonly List<(IPEndPoint Address, Socket Socket)> open = [];

    /// <summary>Opens the sockets that can be opened. The others are left to the server, which reports the error.</summary>
    public static ListenSockets Open(params ReadOnlySpan<IPEndPoint> addresses)
    {
        var sockets = new ListenSockets();
        foreach (var address in addresses)
        {
            sockets.TryOpen(address);
        }

        return sockets;
    }

    /// <summary>Hands the socket of an address over to the caller.</summary>
    /// <exception cref="SocketException">The socket could not be opened.</exception>
    public Socket Take(EndPoint address)
    {
        var index = open.FindIndex(candidate => candidate.Address.Equals(address));
        if (index < 0)
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        }

        var socket = open[index].Socket;
        open.RemoveAt(index);
        return socket;
    }

    public void Dispose() => open.ForEach(candidate => candidate.Socket.Dispose());

    private void TryOpen(IPEndPoint address)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.Listen();
            open.Add((address, socket));
        }
        catch (SocketException)
        {
            socket?.Dispose();
        }
    }
}
