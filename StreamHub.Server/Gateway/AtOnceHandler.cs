using System.Net;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Gateway;

/// <summary>
/// Sends each piece of a request's body when it comes: SocketsHttpHandler collects 4 KiB, and an app that answers piece by piece would wait for
/// ever.
/// </summary>
internal sealed class AtOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { Headers.ContentLength: not 0 } content)
        {
            request.Content = new AtOnceContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private sealed class AtOnceContent : HttpContent
    {
        private readonly HttpContent content;

        public AtOnceContent(HttpContent content)
        {
            this.content = content;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            content.CopyToAsync(new AtOnceStream(stream), context, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class AtOnceStream(Stream inner) : PassThroughStream(inner)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Inner.WriteAsync(buffer, cancellationToken);
            await Inner.FlushAsync(cancellationToken);
        }
    }
}
