using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace StreamHub.Tests.Server;

/// <summary>An app that writes down each request as it stood on the wire, and answers with the bytes that a test gives it.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly Task accepting;
    private Channel<Socket>? handover;

    public RawBackend()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<RawMessage> Seen { get; } = new();

    /// <summary>The answer, characters for bytes; the empty one closes the connection.</summary>
    public string Answer { get; set; } = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Whether the end of the connection is the end of the answer.</summary>
    public bool Closes { get; set; }

    /// <summary>Whether a connection is for one request. It is closed when another one comes, as if both met on the way.</summary>
    public bool ServesOnce { get; set; }

    /// <summary>Closes all connections, and lets the test serve the next ones itself.</summary>
    public ChannelReader<Socket> HandOver()
    {
        handover = Channel.CreateUnbounded<Socket>();
        foreach (var connection in open.Keys)
        {
            connection.Dispose();
        }

        return handover.Reader;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await accepting;
        ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync(ended.Token);
                if (handover?.Writer.TryWrite(connection.Client) != true)
                {
                    served.Add(ServeAsync(connection));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            open[connection] = true;
            try
            {
                var stream = connection.GetStream();
                for (var isFirst = true; await RawMessage.ReadAsync(stream, ended.Token) is { } request; isFirst = false)
                {
                    if (ServesOnce && !isFirst)
                    {
                        return;
                    }

                    Seen.Enqueue(request);
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer), ended.Token);
                    if (Closes || Answer.Length == 0 || request.Value("Connection")?.Contains("close", StringComparison.Ordinal) == true)
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The other side has gone.
            }
            finally
            {
                open.TryRemove(connection, out _);
            }
        }
    }
}
