using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Streamlit's own page, a few kilobytes, gets one script of the hub's. Opened outside of the hub's frame, the page alone would never
/// say why the app was lost: it only goes on connecting.
/// </summary>
internal static class StreamlitPage
{
    private static readonly byte[] HeadEnd = "</head>"u8.ToArray();
    private static readonly byte[] Script = """<script type="module" src="/_hub/assets/bare.js"></script>"""u8.ToArray();

    public static AnswerRewrite Rewrite { get; } = new("text/html", (_, page) =>
        page.AsSpan().IndexOf(HeadEnd) is var end and >= 0 ? [.. page.AsSpan(0, end), .. Script, .. page.AsSpan(end)] : page);
}
