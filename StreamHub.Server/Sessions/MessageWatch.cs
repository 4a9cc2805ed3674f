using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.Features;

namespace StreamHub.Server.Sessions;

/// <summary>
/// Detects the client's WebSocket messages and its close frame in an upgraded request, without changing the stream. Pong frames
/// are ignored: a forgotten tab sends them forever. RFC 6455, 5.2.
/// </summary>
/// <param name="onOpen">Called after the app accepted the upgrade.</param>
/// <param name="onMessage">Called on the reading thread for each message; must return quickly, like <paramref name="onClose"/>.</param>
internal sealed class MessageWatch(IHttpUpgradeFeature upgrade, Action onOpen, Action onMessage, Action onClose) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await upgrade.UpgradeAsync();
        onOpen();
        return new WatchedStream(stream, new FrameReader(onMessage, onClose));
    }

    /// <summary>Parses frame headers from a byte stream with arbitrary chunk boundaries.</summary>
    internal sealed class FrameReader(Action onMessage, Action onClose)
    {
        private const int MaxHeaderLength = 14;
        private const int TextFrame = 1;
        private const int BinaryFrame = 2;
        private const int CloseFrame = 8;

        private readonly byte[] header = new byte[MaxHeaderLength];
        private int have;
        private ulong payload;

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                if (payload > 0)
                {
                    var skipped = (int)Math.Min(payload, (ulong)bytes.Length);
                    payload -= (ulong)skipped;
                    bytes = bytes[skipped..];
                    continue;
                }

                header[have++] = bytes[0];
                bytes = bytes[1..];
                if (have >= 2 && have == HeaderLength)
                {
                    var opcode = header[0] & 0x0f;
                    payload = PayloadLength;
                    have = 0;
                    if (opcode is TextFrame or BinaryFrame)
                    {
                        onMessage();
                    }
                    else if (opcode == CloseFrame)
                    {
                        onClose();
                    }
                }
            }
        }

        private int Short => header[1] & 0x7f;

        private int HeaderLength => 2 + (Short switch { 126 => 2, 127 => 8, _ => 0 }) + ((header[1] & 0x80) != 0 ? 4 : 0);

        private ulong PayloadLength => Short switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(2)),
            _ => (ulong)Short,
        };
    }

    private sealed class WatchedStream(Stream inner, FrameReader frames) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            frames.Feed(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream supports asynchronous calls only.");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.WriteAsync(buffer, offset, count, cancellationToken);

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
