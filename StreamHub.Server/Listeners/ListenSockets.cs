using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace StreamHub.Server.Listeners;

/// <summary>
/// The listeners' sockets, open from the first moment of a start. Who connects while the hub gets ready waits for its answer
/// instead of being refused: pages that lost the hub look for it ever more seldom, and would find it seconds after it is back.
/// </summary>
internal sealed class ListenSockets : IDisposable
{
    private readonly List<(IPEndPoint Address, Socket Socket)> open = [];

    /// <summary>Opens what can be opened. What cannot is left to the server, whose error says why.</summary>
    public static ListenSockets Open(params ReadOnlySpan<IPEndPoint> addresses)
    {
        var sockets = new ListenSockets();
        foreach (var address in addresses)
        {
            sockets.TryOpen(address);
        }

        return sockets;
    }

    /// <summary>The socket of an address, from now on the caller's.</summary>
    /// <exception cref="SocketException">It cannot be opened.</exception>
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
