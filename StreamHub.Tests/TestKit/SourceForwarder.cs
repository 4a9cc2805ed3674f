using System.Net;
using System.Net.Sockets;

namespace StreamHub.Tests.TestKit;

/// <summary>
/// A TCP forwarder that lends its clients a source address: a browser that opens <see cref="Port"/> reaches the
/// target from 127.0.0.x. Its <c>Host</c> header carries this forwarder's port, not the target's.
/// </summary>
internal sealed class SourceForwarder : IAsyncDisposable
{
    private readonly IPAddress source;
    private readonly IPEndPoint target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Lock gate = new();
    private readonly Dictionary<TcpClient, Socket?> connections = [];
    private readonly Task accepting;

    public SourceForwarder(string source, int targetPort)
    {
        this.source = IPAddress.Parse(source);
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The origin to open instead of the target's.</summary>
    public string Origin => $"http://127.0.0.1:{Port}";

    /// <summary>How many connections are open.</summary>
    public int Open
    {
        get
        {
            lock (gate)
            {
                return connections.Count;
            }
        }
    }

    /// <summary>Cuts every open connection without a goodbye; new ones are accepted.</summary>
    public void CutConnections()
    {
        lock (gate)
        {
            foreach (var (client, socket) in connections)
            {
                Reset(client.Client);
                Reset(socket);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        CutConnections();
        await accepting;
        end.Dispose();
        listener.Dispose();
    }

    private static void Reset(Socket? socket)
    {
        try
        {
            socket?.LingerState = new LingerOption(enable: true, seconds: 0);
            socket?.Close();
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // It closed by itself a moment ago, which is what was wanted.
        }
    }

    private async Task AcceptAsync()
    {
        var pumps = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                lock (gate)
                {
                    connections.Add(client, null);
                }

                pumps.RemoveAll(pump => pump.IsCompleted);
                pumps.Add(ForwardAsync(client));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.NoDelay = true;
            lock (gate)
            {
                connections[client] = socket;
            }

            socket.Bind(new IPEndPoint(source.MapToIPv6(), 0));
            await socket.ConnectAsync(new IPEndPoint(target.Address.MapToIPv6(), target.Port), end.Token);
            await using var near = client.GetStream();
            await using var far = new NetworkStream(socket);
            await Task.WhenAll(PumpAsync(near, far, socket), PumpAsync(far, near, client.Client));
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side may go at any time; the other learns it by the close below.
        }
        finally
        {
            lock (gate)
            {
                connections.Remove(client);
            }

            client.Dispose();
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Socket toSocket)
    {
        try
        {
            await from.CopyToAsync(to, end.Token);
            toSocket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception) when (!end.IsCancellationRequested)
        {
            // A reset is passed on at once: the other direction must not wait for a peer that is gone.
            to.Socket.Close();
            from.Socket.Close();
            throw;
        }
    }
}
