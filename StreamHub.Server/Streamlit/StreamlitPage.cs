using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Adds a script of the hub to Streamlit's own page of a few kilobytes. Outside of the hub's frame, the page alone would only
/// reconnect, and never show why the app is unavailable.
/// </summary>
internal static class StreamlitPage
{
    private static readonly byte[] OwnFiles = "\"./static/"u8.ToArray();
    private static readonly byte[] HeadEnd = "</head>"u8.ToArray();
    private static readonly byte[] Script = """<script type="module" src="/_hub/assets/bare.js"></script>"""u8.ToArray();

    // An author's own route may answer with a page, too.
    public static AnswerRewrite Rewrite { get; } = new("text/html", (_, page) =>
        page.AsSpan().IndexOf(OwnFiles) >= 0 && page.AsSpan().IndexOf(HeadEnd) is var end and >= 0 ? [.. page.AsSpan(0, end), .. Script, .. page.AsSpan(end)] : page);
}
