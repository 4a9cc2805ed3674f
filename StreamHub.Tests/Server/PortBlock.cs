using System.Net;
using System.Net.Sockets;

namespace StreamHub.Tests.Server;

/// <summary>Loopback ports for the apps of one hub. The listener on a block's first port owns the block, across all test processes of the machine.</summary>
internal sealed class PortBlock : IDisposable
{
    private const int Lowest = 20_000;
    private const int Blocks = 200;
    private const int Size = 50;

    private static int last = Environment.ProcessId;

    private readonly Socket claim;

    private PortBlock(Socket claim, int first)
    {
        this.claim = claim;
        (First, Last) = (first + 1, first + Size - 1);
    }

    public int First { get; }

    public int Last { get; }

    /// <summary>As <c>StreamHub:Apps:Ports</c> takes it.</summary>
    public string Range => $"{First}-{Last}";

    public static PortBlock Take()
    {
        for (var tries = 0; tries < Blocks; tries++)
        {
            var first = Lowest + ((Interlocked.Increment(ref last) & int.MaxValue) % Blocks * Size);
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, first));
                socket.Listen();
                return new PortBlock(socket, first);
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        throw new InvalidOperationException($"All ports from {Lowest} on are taken.");
    }

    public void Dispose() => claim.Dispose();
}
