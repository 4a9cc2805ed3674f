using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Platform;
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

    private sealed class WatchedStream(Stream inner, FrameReader fromClient, FrameReader fromApp) : PassThroughStream(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            fromClient.Feed(buffer.Span[..read]);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            fromApp.Feed(buffer.Span);
            return Inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
