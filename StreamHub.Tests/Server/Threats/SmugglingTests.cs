using System.Text;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>
/// T18: whatever stands in a request's body or between its lines is no request of its own. kim asks for sales; what is hidden
/// asks for salesx, which is not hers, so that no gate would have let it through.
/// </summary>
public sealed class SmugglingTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const string Hidden = "GET /app/salesx/hidden HTTP/1.1\r\nHost: {host}\r\n\r\n";
    private const string Post = "POST /app/sales/ HTTP/1.1\r\nHost: {host}\r\n";
    private const string Get = "GET /app/sales/ HTTP/1.1\r\nHost: {host}\r\n";
    private const string Chunks = "5\r\nhello\r\n0\r\n\r\n";

    /// <summary>Head and body of what has to be refused outright: two programs would disagree where it ends.</summary>
    private static readonly string[] Refused =
    [
        // Two lengths.
        Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden, Post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Hidden, Post + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks,
        Get + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", Post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!" + Hidden, Post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", Post + "Content-Length: 5, 5\r\n\r\nhello", Post + "Content-Length: 5,6\r\n\r\nhello!",
        Post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + Hidden, Post + "Content-Length: 5\r\ncontent-length: 0\r\n\r\nhello",

        // Lengths that are none.
        Post + "Content-Length: -5\r\n\r\nhello", Post + "Content-Length: 0x5\r\n\r\nhello", Post + "Content-Length: 5.0\r\n\r\nhello", Post + "Content-Length: 5e0\r\n\r\nhello", Post + "Content-Length: five\r\n\r\nhello", Post + "Content-Length: 1 0\r\n\r\nhello", Post + "Content-Length: 99999999999999999999\r\n\r\nhello",
        Post + "Content-Length: \u00b2\r\n\r\nhello", Post + "Content-Length: \r\n\r\nhello", Post + "Content-Length: \"5\"\r\n\r\nhello", Post + "Content-Length: 5;x\r\n\r\nhello",

        // Codings that are none, or not the last.
        Post + "Transfer-Encoding: xchunked\r\n\r\n" + Chunks, Post + "Transfer-Encoding: identity\r\n\r\n" + Chunks, Post + "Transfer-Encoding: chunked, identity\r\n\r\n" + Chunks, Post + "Transfer-Encoding: chunked, gzip\r\n\r\n" + Chunks, Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + Chunks,
        Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n" + Chunks, Post + "Transfer-Encoding: gzip\r\n\r\n" + Chunks, Post + "Transfer-Encoding: \"chunked\"\r\n\r\n" + Chunks, Post + "Transfer-Encoding: chunked;q=1\r\n\r\n" + Chunks, Post + "Transfer-Encoding: \u000bchunked\r\n\r\n" + Chunks,
        Post + "Transfer-Encoding: chun\u212aed\r\n\r\n" + Chunks, Post + "Transfer-Encoding: chunked\u0000\r\n\r\n" + Chunks, Post + "Transfer-Encoding: ,chunked,\r\nContent-Length: 3\r\n\r\n" + Chunks, Post + "Transfer-Encoding: \r\nContent-Length: 3\r\n\r\n" + Chunks,

        // Names and lines that are none.
        Post + "Transfer-Encoding : chunked\r\n\r\n" + Chunks, Post + "Content-Length : 5\r\n\r\nhello", Post + " Transfer-Encoding: chunked\r\n\r\n" + Chunks, Post + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n" + Chunks, Post + "X: y\r\n\tContent-Length: 5\r\n\r\nhello", Post + "Content-Length:\r\n 5\r\n\r\nhello", Get + "X: a\r\n folded\r\n\r\n",
        Post + "Transfer-Encoding\r\n: chunked\r\n\r\n" + Chunks, Post + ": chunked\r\n\r\n", Post + "Content Length: 5\r\n\r\nhello", Post + "NoColon\r\n\r\n", Get + "X\u0000Y: z\r\n\r\n", Get + "X: a\u0000b\r\n\r\n", Get + "X: a\rb\r\n\r\n", Get + "X: a\rTransfer-Encoding: chunked\r\n\r\n",
        "POST /app/sales/ HTTP/1.1\r\nHost: {host}\nContent-Length: 5\r\n\r\nhello", "GET /app/sales/ HTTP/1.1\nHost: {host}\n\n", Post + "X: y\nTransfer-Encoding: chunked\r\n\r\n" + Chunks, Post + "Content-Length: 5\n\r\nhello", Get + "X: y\n\r\n" + Hidden,

        // Request lines that are none.
        "GET  /app/sales/ HTTP/1.1\r\nHost: {host}\r\n\r\n", "GET\t/app/sales/\tHTTP/1.1\r\nHost: {host}\r\n\r\n", "GET /app/sales/ HTTP/1.1 \r\nHost: {host}\r\n\r\n", "GET /app/sales/ HTTP/1.1\r\n\r\n", "GET /app/sales/ http/1.1\r\nHost: {host}\r\n\r\n", "GET /app/sales/ HTTP/1.2\r\nHost: {host}\r\n\r\n",
        "GET /app/sales/ HTTP/2.0\r\nHost: {host}\r\n\r\n", "GET /app/sales/ HTTP/3\r\nHost: {host}\r\n\r\n", "GET /app/sales/\r\n\r\n", "GET /app/sales/ HTTP/1.1 HTTP/1.1\r\nHost: {host}\r\n\r\n", "G\u0000T /app/sales/ HTTP/1.1\r\nHost: {host}\r\n\r\n", "GET:/app/sales/ HTTP/1.1\r\nHost: {host}\r\n\r\n", " GET /app/sales/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ];

    /// <summary>Bodies in chunks that are none: the head may have been passed on, what follows may not.</summary>
    private static readonly string[] BrokenChunks =
    [
        "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5;x\nhello\r\n0\r\n\r\n", "5;x=\n" + Hidden + "\r\n0\r\n\r\n", "5;x\rhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 5\r\nhello\r\n0\r\n\r\n", "\r\n5\r\nhello\r\n0\r\n\r\n", "g\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhelloX\n0\r\n\r\n" + Hidden, "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n", "100000005\r\nhello\r\n0\r\n\r\n", "7fffffffffffffff\r\nhello", ";\r\nhello\r\n0\r\n\r\n", "5,5\r\nhello\r\n0\r\n\r\n",
    ];

    /// <summary>Requests with one meaning, whose bodies look like requests.</summary>
    private static readonly (string Bytes, string Body)[] Accepted =
    [
        (Post + "Content-Length: {length}\r\n\r\n" + Hidden, Hidden), (Post + "Transfer-Encoding: chunked\r\n\r\n{hex}\r\n" + Hidden + "\r\n0\r\n\r\n", Hidden), (Post + "transfer-encoding: CHUNKED\r\n\r\n{hex};x=y\r\n" + Hidden + "\r\n0\r\nX: trailer\r\n\r\n", Hidden),
        (Post + "Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n" + Hidden, Hidden), ("PUT /app/sales/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n" + Hidden, Hidden), (Post + "Connection: Content-Length\r\nContent-Length: {length}\r\n\r\n" + Hidden, Hidden),
        (Post + "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n{hex}\r\n" + Hidden + "\r\n0\r\n\r\n", Hidden), (Get + "Content-Length: {length}\r\n\r\n" + Hidden, Hidden), (Post + "Transfer_Encoding: chunked\r\nContent-Length: {length}\r\n\r\n" + Hidden, Hidden), (Post + "X: \"\r\nContent-Length: {length}\r\nY: \"\r\n\r\n" + Hidden, Hidden),
        (Post + "Content-Length: +{length}\r\n\r\n" + Hidden, Hidden), (Post + "X(Y): z\r\nContent-Length: {length}\r\n\r\n" + Hidden, Hidden),
        (Post + "Content-Length: 0\r\n\r\n" + Hidden, ""), (Get + "\r\n" + Hidden, ""), (Get + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://{host}\r\n\r\n" + Hidden, ""),
    ];

    [Fact]
    public async Task What_could_be_cut_in_two_ways_reaches_no_app()
    {
        var wrong = new List<string>();
        foreach (var bytes in Refused)
        {
            await TryAsync(bytes, wrong, (answer, seen) => answer.Status is 0 or 400 or 421 or 431 or 501 or 505 && seen.Length == 0);
        }

        foreach (var chunks in BrokenChunks)
        {
            await TryAsync(Post + "Transfer-Encoding: chunked\r\n\r\n" + chunks, wrong, (answer, seen) => answer.Status is 0 or >= 400 && seen.Length <= 1 && seen.All(request => request == "sales POST /app/sales/"));
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_stays_a_body()
    {
        var wrong = new List<string>();
        foreach (var (bytes, body) in Accepted)
        {
            var received = new List<string>();
            threats.Sales.Answer = async context =>
            {
                using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
                received.Add(await reader.ReadToEndAsync());
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "content of sales");
            };
            await TryAsync(bytes, wrong, (answer, seen) => answer.Status is 200 or 100 && seen.Length == 1 && seen[0].EndsWith(" /app/sales/", StringComparison.Ordinal) && received.SequenceEqual([Fill(body)]));
        }

        threats.Reset();
        string.Join('\n', wrong).Should().BeEmpty();
    }

    private string Fill(string text)
    {
        var length = Hidden.Replace("{host}", threats.Authority(Listener.Users), StringComparison.Ordinal).Length;
        return text.Replace("{host}", threats.Authority(Listener.Users), StringComparison.Ordinal).Replace("{length}", $"{length}", StringComparison.Ordinal).Replace("{hex}", $"{length:x}", StringComparison.Ordinal);
    }

    /// <summary>Sends it, with an end that is no part of it behind; then a plain request must be answered as ever.</summary>
    private async Task TryAsync(string bytes, List<string> wrong, Func<RawAnswer, string[], bool> isRight)
    {
        var last = $"GET /healthz HTTP/1.1\r\nHost: {threats.Authority(Listener.Users)}\r\nConnection: close\r\n\r\n";
        var answer = await RawClient.SendAsync(ThreatHub.Kim, threats.Port(Listener.Users), Encoding.Latin1.GetBytes(Fill(bytes) + last));
        var seen = threats.Seen();
        if (!isRight(answer, seen) || seen.Any(request => request.Contains("hidden")) || answer.Body.Contains("content of salesx"))
        {
            wrong.Add($"{bytes.ReplaceLineEndings("↵")} got {answer.Status}; seen: {string.Join(", ", seen)}");
        }

        var after = await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/after");

        // The head of a body that broke may be passed on, and be seen, a moment late.
        seen = [.. threats.Seen().Where(request => request != "sales POST /app/sales/")];
        if (after.Status != 200 || !after.Body.Contains("content of sales") || !seen.SequenceEqual(["sales GET /app/sales/after"]))
        {
            wrong.Add($"after {bytes.ReplaceLineEndings("↵")}: {after.Status}; seen: {string.Join(", ", seen)}");
        }
    }
}
