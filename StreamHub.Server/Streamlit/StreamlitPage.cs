using System.Text;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Adds a script of the hub to Streamlit's own page of a few kilobytes. Outside of the hub's frame, the page alone would only
/// reconnect, and never show why the app is unavailable. The page is that of the run's own version, which the script compares with
/// the version of later runs.
/// </summary>
internal sealed class StreamlitPage(StreamlitPages pages)
{
    private static readonly byte[] OwnFiles = "\"./static/"u8.ToArray();
    private static readonly byte[] HeadEnd = "</head>"u8.ToArray();

    public AnswerRewrite Rewrite { get; } = new("text/html", (_, run, page) => IsOwn(page) ? WithScript(pages.Match(run, page), pages.VersionOf(run)) : page)
    {
        Instead = run => pages.Lost(run) is { } page ? WithScript(page, pages.VersionOf(run)) : null,
    };

    // An author's own route may answer with a page, too.
    private static bool IsOwn(ReadOnlySpan<byte> page) => page.IndexOf(OwnFiles) >= 0;

    private static byte[] WithScript(byte[] page, string? version) => page.AsSpan().IndexOf(HeadEnd) is var end and >= 0
        ? [.. page.AsSpan(0, end), .. Encoding.ASCII.GetBytes($"<script type=\"module\" src=\"/_hub/assets/bare.js\"{(version is null ? "" : $" data-page=\"{version}\"")}></script>"), .. page.AsSpan(end)]
        : page;
}
