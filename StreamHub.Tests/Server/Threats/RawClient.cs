using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamHub.Tests.Server.Threats;

/// <summary>Bytes on a socket, from a chosen source address.</summary>
internal static class RawClient
{
    private const int LongestHead = 64 * 1024;

    /// <summary>A request on a connection of its own. Characters are sent as Latin-1 bytes.</summary>
    public static Task<RawAnswer> AskAsync(string source, int port, string method, string target, params string[] headers)
    {
        string[] close = headers.Any(header => header.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)) ? [] : ["Connection: close"];
        string[] lines = [$"{method} {target} HTTP/1.1", .. headers, .. close, "", ""];
        return SendAsync(source, port, Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
    }

    /// <summary>Sends bytes and reads until the other side closes, or switches protocols.</summary>
    /// <exception cref="OperationCanceledException">It did neither in time.</exception>
    public static async Task<RawAnswer> SendAsync(string source, int port, byte[] bytes)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(FullHub.Patience);
        using var socket = await ConnectAsync(source, port, patience.Token);
        var received = new MemoryStream();
        try
        {
            await socket.SendAsync(bytes, patience.Token);
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = await socket.ReceiveAsync(buffer, patience.Token)) > 0)
            {
                received.Write(buffer, 0, count);
                if (received.Length < LongestHead && Parse(received) is { Status: 101 } switched)
                {
                    return switched;
                }
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown)
        {
            // Whoever refuses may do so before it has read everything; what it said until then counts.
        }

        return Parse(received);
    }

    /// <summary>A connection and nothing on it.</summary>
    public static async Task<Socket> ConnectAsync(string source, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the other side to end a connection, whatever it says before.</summary>
    public static async Task EndsAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
                // What it says does not matter.
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    private static RawAnswer Parse(MemoryStream received)
    {
        var text = Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0
            ? new RawAnswer(0, text, "")
            : new RawAnswer(int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
