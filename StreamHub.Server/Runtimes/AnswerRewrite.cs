using System.Net;
using Microsoft.Net.Http.Headers;

namespace StreamHub.Server.Runtimes;

/// <summary>A change of a small answer's body. Every other answer passes as bytes.</summary>
/// <param name="MediaType">The type of the answers that are changed; null for any.</param>
/// <param name="Change">The new body; null when the answer cannot be used, which makes it a 502.</param>
internal sealed record AnswerRewrite(string? MediaType, Func<HttpRequest, byte[], byte[]?> Change)
{
    private const int LargestBody = 1 << 20;

    /// <summary>Request headers that would make the answer partial, encoded or empty.</summary>
    public static IReadOnlyList<string> RemovedHeaders { get; } =
        [HeaderNames.AcceptEncoding, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.Range, HeaderNames.IfRange];

    public bool AppliesTo(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.OK, Content.Headers: { ContentEncoding.Count: 0, ContentLength: null or <= LargestBody } headers }
        && (MediaType is null || headers.ContentType?.MediaType == MediaType);

    /// <summary>Sends the changed body, which the validators of the original do not describe.</summary>
    public async Task WriteAsync(HttpContext context, HttpContent original, CancellationToken cancellationToken)
    {
        await original.LoadIntoBufferAsync(LargestBody, cancellationToken);
        var changed = Change(context.Request, await original.ReadAsByteArrayAsync(cancellationToken));
        var response = context.Response;
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.LastModified);
        response.Headers.Remove(HeaderNames.AcceptRanges);
        response.StatusCode = changed is null ? StatusCodes.Status502BadGateway : response.StatusCode;
        response.ContentLength = changed?.Length ?? 0;
        await response.Body.WriteAsync(changed, cancellationToken);
    }
}
