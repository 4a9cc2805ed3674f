namespace StreamHub.Server.Gateway;

/// <summary>
/// A connection to a run over which each request is sent once. When a server closes before it has answered, SocketsHttpHandler sends a request
/// without a body again, up to three times, also to an app that has already acted on it; it does not after an error
/// (HttpConnection.SendAsync, <c>_canRetry</c>).
/// </summary>
internal sealed class OneTryStream(Stream inner) : Stream
{
    // Whether something was sent since the last byte was received. HTTP/1.1 without pipelining: that is a request without a response.
    private bool awaitsAnswer;
    private bool isUpgraded;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        if (count == 0 && buffer.Length > 0 && Volatile.Read(ref awaitsAnswer) && !isUpgraded)
        {
            throw new IOException("The app closed the connection without an answer.");
        }

        if (count > 0)
        {
            Volatile.Write(ref awaitsAnswer, false);
            isUpgraded |= buffer.Span[..count].StartsWith("HTTP/1.1 101 "u8);
        }

        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref awaitsAnswer, true);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream supports asynchronous calls only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream supports asynchronous calls only.");

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
