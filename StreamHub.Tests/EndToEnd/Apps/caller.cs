#:property PublishAot=false
#:property NoWarn=MA0048
// An app for the tests, also on Windows: where a file go.N names a port, it calls the hub there, says sent.N, and writes down what it was told.
// The connection is of IPv4 alone: Wine 8 knows no owner of another, and of this one as soon as something was sent.

using System.Net;
using System.Net.Sockets;
using System.Text;

var (port, folder) = (int.Parse(args[0]), args[1]);
await await Task.WhenAny(ServeAsync(), WaitAsync());

async Task WaitAsync()
{
    for (var call = 1; ; call++)
    {
        var go = Path.Combine(folder, $"go.{call}");
        while (!File.Exists(go))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Tell("told", call, await CallAsync(int.Parse(File.ReadAllText(go)), call));
    }
}

async Task<string> CallAsync(int hub, int call)
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    try
    {
        await socket.ConnectAsync(IPAddress.Loopback, hub);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{hub}\r\n\r\n"));
        Tell("sent", call, "");
        var answer = new byte[64];
        var length = await socket.ReceiveAsync(answer);
        return length == 0 ? "closed" : Encoding.ASCII.GetString(answer, 0, length).Split(' ')[1];
    }
    catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
    {
        return "closed";
    }
}

// Whole, or not there.
void Tell(string what, int call, string text)
{
    var file = Path.Combine(folder, $"{what}.{call}");
    File.WriteAllText(file + ".new", text);
    File.Move(file + ".new", file);
}

async Task ServeAsync()
{
    var listener = new TcpListener(IPAddress.Loopback, port);
    listener.Start();
    while (true)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }
}
