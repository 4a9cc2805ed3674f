using StreamHub.Server.Platform;

namespace StreamHub.Server.Gateway;

/// <summary>
/// A connection to a run over which each request is sent once. When a server closes before it has answered, SocketsHttpHandler sends a request
/// without a body again, up to three times, also to an app that has already acted on it; it does not after an error
/// (HttpConnection.SendAsync, <c>_canRetry</c>). It also uses connections of HTTP/1.0 servers again, which close after each response (RFC 9112, 9.3):
/// the response says so instead.
/// </summary>
internal sealed class OneTryStream(Stream inner) : PassThroughStream(inner)
{
    // Whether something was sent since the last byte was received. HTTP/1.1 without pipelining: that is a request without a response.
    private bool awaitsAnswer;
    private bool isUpgraded;

    // Whether the app reads no more: it may have answered before, as with 413 to a large upload, and that is what the client is to read.
    private bool isDeaf;

    private static ReadOnlySpan<byte> Closing => "Connection: close\r\n"u8;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // With room for the header, but for looks at an idle connection, which read nothing.
        var count = await Inner.ReadAsync(buffer.Length > Closing.Length ? buffer[..^Closing.Length] : buffer, cancellationToken);
        if (count == 0 && buffer.Length > 0 && Volatile.Read(ref awaitsAnswer) && !isUpgraded)
        {
            throw new IOException("The app closed the connection without an answer.");
        }

        if (count > 0 && Volatile.Read(ref awaitsAnswer))
        {
            Volatile.Write(ref awaitsAnswer, false);
            isUpgraded |= buffer.Span[..count].StartsWith("HTTP/1.1 101 "u8);
            return count + Close(buffer.Span, count);
        }

        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref awaitsAnswer, true);
        if (isDeaf)
        {
            return;
        }

        try
        {
            await Inner.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException) when (!isUpgraded)
        {
            isDeaf = true;
        }
    }

    /// <summary>Inserts <see cref="Closing"/> after the status line of an HTTP/1.0 response.</summary>
    /// <returns>The number of bytes inserted.</returns>
    private static int Close(Span<byte> buffer, int count)
    {
        var line = buffer[..count].IndexOf((byte)'\n') + 1;
        if (line == 0 || buffer.Length < count + Closing.Length || !buffer.StartsWith("HTTP/1.0 "u8))
        {
            return 0;
        }

        buffer[line..count].CopyTo(buffer[(line + Closing.Length)..]);
        Closing.CopyTo(buffer[line..]);
        return Closing.Length;
    }
}
