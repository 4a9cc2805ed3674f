using System.Net;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runtimes;

/// <summary>A change of a small response body. Every other response is streamed unchanged.</summary>
/// <param name="MediaType">The media type of the responses to change; null for any.</param>
/// <param name="Change">Returns the new body; null when the response is unusable, which becomes a 502.</param>
internal sealed record AnswerRewrite(string? MediaType, Func<HttpRequest, RunId, byte[], byte[]?> Change)
{
    private const int LargestBody = 1 << 20;

    /// <summary>Request headers that would make the response partial, encoded or empty.</summary>
    public static IReadOnlyList<string> RemovedHeaders { get; } =
        [HeaderNames.AcceptEncoding, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.Range, HeaderNames.IfRange];

    /// <summary>A page instead of a run's 404, or of its 500 and above; null to pass that on.</summary>
    public Func<RunId, byte[]?> Instead { get; init; } = static _ => null;

    public bool AppliesTo(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.OK, Content.Headers: { ContentEncoding.Count: 0, ContentLength: null or <= LargestBody } headers }
        && (MediaType is null || headers.ContentType?.MediaType == MediaType);

    /// <summary>Sends the changed body, without the validators (ETag, Last-Modified) of the original.</summary>
    public async Task WriteAsync(HttpContext context, RunId run, HttpContent original, CancellationToken cancellationToken)
    {
        await original.LoadIntoBufferAsync(LargestBody, cancellationToken);
        await WriteAsync(context, Change(context.Request, run, await original.ReadAsByteArrayAsync(cancellationToken)), cancellationToken);
    }

    /// <summary>Sends a page instead of a failure.</summary>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> TryReplaceAsync(HttpContext context, RunId run, HttpStatusCode status, CancellationToken cancellationToken)
    {
        if (status is not (HttpStatusCode.NotFound or >= HttpStatusCode.InternalServerError) || Instead(run) is not { } page)
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await WriteAsync(context, page, cancellationToken);
        return true;
    }

    private static async Task WriteAsync(HttpContext context, byte[]? changed, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.LastModified);
        response.Headers.Remove(HeaderNames.AcceptRanges);
        response.StatusCode = changed is null ? StatusCodes.Status502BadGateway : response.StatusCode;
        response.ContentLength = changed?.Length ?? 0;
        await response.Body.WriteAsync(changed, cancellationToken);
    }
}
