using System.Net;
using System.Net.Sockets;

namespace StreamHub.Tests.Server;

/// <summary>Loopback ports for the apps of one hub. Whoever listens at the first port of a block has the block, across all test processes of the machine.</summary>
internal sealed class PortBlock : IDisposable
{
    private const int First = 20_000;
    private const int Blocks = 200;
    private const int Size = 50;

    private static int last = Environment.ProcessId;

    private readonly Socket claim;

    private PortBlock(Socket claim, int first)
    {
        this.claim = claim;
        Range = $"{first + 1}-{first + Size - 1}";
    }

    /// <summary>As <c>StreamHub:Apps:Ports</c> takes it.</summary>
    public string Range { get; }

    public static PortBlock Take()
    {
        for (var tries = 0; tries < Blocks; tries++)
        {
            var first = First + ((Interlocked.Increment(ref last) & int.MaxValue) % Blocks * Size);
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

        throw new InvalidOperationException($"All ports from {First} on are taken.");
    }

    public void Dispose() => claim.Dispose();
}
