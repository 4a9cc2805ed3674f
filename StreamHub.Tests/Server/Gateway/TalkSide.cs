using System.Net.Sockets;
using System.Text;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>One side of a conversation, characters for bytes; what it reads is written down.</summary>
/// <param name="isApp">Whether it accepts another connection when a request does not come on the first.</param>
internal sealed class TalkSide(string name, bool isApp, Func<CancellationToken, Task<Socket>> open, Action<string> write, CancellationToken cancellation) : IDisposable
{
    private readonly StringBuilder received = new();
    private Socket? socket;
    private bool hasEnded;

    /// <summary>Sends; when the other side has gone, what is left is lost.</summary>
    public async Task SendAsync(string text)
    {
        socket ??= await open(cancellation);
        try
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), cancellation);
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    /// <summary>Reads until a text has come.</summary>
    /// <returns>What came before it and itself.</returns>
    public async Task<string> UntilAsync(string text)
    {
        while (true)
        {
            var all = received.ToString();
            if (all.IndexOf(text, StringComparison.Ordinal) is var index and >= 0)
            {
                received.Remove(0, index + text.Length);
                write($"{name}: {(text == "\r\n\r\n" ? all[..all.IndexOf("\r\n", StringComparison.Ordinal)] : text.Length > 100 ? $"{text[..100]}… ({text.Length})" : text)}");
                return all[..(index + text.Length)];
            }

            if (!await ReceiveAsync())
            {
                write($"{name}: the end before '{text}'");
                return all;
            }
        }
    }

    /// <summary>Reads the head of a message.</summary>
    public async Task<string> HeadAsync()
    {
        while (isApp && received.Length == 0 && !await ReceiveAsync())
        {
            Leave();
            (socket, hasEnded) = (null, false);
        }

        return await UntilAsync("\r\n\r\n");
    }

    /// <summary>Waits for the end of the connection.</summary>
    public async Task EndAsync()
    {
        while (await ReceiveAsync())
        {
            // What comes before does not matter.
        }

        write($"{name}: the end");
    }

    /// <summary>Sends no more.</summary>
    public void EndSending() => socket?.Shutdown(SocketShutdown.Send);

    /// <summary>Goes, with a reset when the other side is not to be told.</summary>
    public void Leave(bool isReset = false)
    {
        if (isReset && socket is not null)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket?.Dispose();
        hasEnded = true;
    }

    public void Dispose() => socket?.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        if (hasEnded)
        {
            return false;
        }

        socket ??= await open(cancellation);
        var buffer = new byte[1 << 20];
        var count = 0;
        try
        {
            count = await socket.ReceiveAsync(buffer, cancellation);
        }
        catch (SocketException)
        {
            // Reset.
        }

        hasEnded = count == 0;
        received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return !hasEnded;
    }
}
