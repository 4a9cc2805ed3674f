using System.Buffers.Binary;
using System.Net.Sockets;

namespace StreamHub.Server.Listeners;

/// <summary>How long a connection may be dead before the system ends it.</summary>
internal static class SocketTimeouts
{
    private const int IdleSeconds = 60;
    private const int ProbeSeconds = 15;
    private const int Probes = 4;

    /// <summary>tcp(7): milliseconds that what was sent may stay unacknowledged, or unsent because the other end has no room.</summary>
    private const int LinuxUserTimeout = 18;

    /// <summary>Lets the system ask the other end of a silent connection whether it is there (two minutes in all), and end one that takes nothing.</summary>
    public static void Set(Socket socket, TimeSpan stall)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            if (OperatingSystem.IsLinux())
            {
                Span<byte> milliseconds = stackalloc byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(milliseconds, (int)Math.Min(stall.TotalMilliseconds, int.MaxValue));
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxUserTimeout, milliseconds);
            }
        }
        catch (SocketException)
        {
            // The other end has gone already, or an old Windows knows no such times: then the system's own hold.
        }
    }
}
