using System.Net;
using Microsoft.Net.Http.Headers;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Streamlit's own page, a few kilobytes, gets one script of the hub's. When the page is opened without the hub's frame, nobody else
/// could tell whoever loses the app why: Streamlit's page only goes on connecting.
/// </summary>
internal static class StreamlitPage
{
    private const int Largest = 1 << 20;

    private static readonly byte[] HeadEnd = "</head>"u8.ToArray();
    private static readonly byte[] Script = """<script type="module" src="/_hub/assets/bare.js"></script>"""u8.ToArray();

    /// <summary>Headers of a request for which the page would not come whole and as it is.</summary>
    public static IReadOnlyList<string> Partial { get; } = [HeaderNames.AcceptEncoding, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.Range, HeaderNames.IfRange];

    /// <summary>Whether an answer is such a page.</summary>
    public static bool Is(HttpResponseMessage? answer) =>
        answer is { StatusCode: HttpStatusCode.OK, Content.Headers: { ContentType.MediaType: "text/html", ContentEncoding.Count: 0, ContentLength: <= Largest } };

    /// <summary>Sends the page on with the script. It is then another than the app's, which knows it by its own tag.</summary>
    public static async Task WriteAsync(HttpResponse response, HttpContent page, CancellationToken cancellationToken)
    {
        var bytes = await page.ReadAsByteArrayAsync(cancellationToken);
        var end = bytes.AsSpan().IndexOf(HeadEnd);
        var whole = end < 0 ? bytes : [.. bytes.AsSpan(0, end), .. Script, .. bytes.AsSpan(end)];
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.LastModified);
        response.Headers.Remove(HeaderNames.AcceptRanges);
        response.ContentLength = whole.Length;
        await response.Body.WriteAsync(whole, cancellationToken);
    }
}
