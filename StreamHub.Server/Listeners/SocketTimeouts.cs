using System.Buffers.Binary;
using System.Net.Sockets;

namespace StreamHub.Server.Listeners;

/// <summary>The timeouts after which the system closes a dead connection.</summary>
internal static class SocketTimeouts
{
    private const int IdleSeconds = 60;
    private const int ProbeSeconds = 15;
    private const int Probes = 4;

    /// <summary>tcp(7): milliseconds that sent data may stay unacknowledged, or unsent because the receiver has no buffer space.</summary>
    private const int LinuxUserTimeout = 18;

    /// <summary>Enables keep-alive probes on a silent connection (two minutes in all), and closes one with a stalled receiver.</summary>
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
            // The peer has closed already, or an old Windows does not support these options: its defaults apply.
        }
    }
}
