using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Sessions;

/// <summary>
/// Shows the WebSocket messages of an upgraded request to a reader, and detects the client's close frame, without changing the stream. Pong
/// frames are ignored: a forgotten tab sends them forever.
/// </summary>
/// <param name="onOpen">Called after the app accepted the upgrade.</param>
/// <param name="onClose">Called on the reading thread; must return quickly, like the reader.</param>
internal sealed class MessageWatch(IHttpUpgradeFeature upgrade, Action onOpen, SessionReader reader, Action onClose) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await upgrade.UpgradeAsync();
        onOpen();
        return new WatchedStream(stream, new FrameReader(reader.FromClient, onClose), new FrameReader(reader.FromApp, static () => { }));
    }

    private sealed class WatchedStream(Stream inner, FrameReader fromClient, FrameReader fromApp) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            fromClient.Feed(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream supports asynchronous calls only.");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            fromApp.Feed(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream supports asynchronous calls only.");

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

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
}
