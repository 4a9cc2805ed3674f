using System.Text.RegularExpressions;

namespace StreamHub.Server.Platform;

/// <summary>Strips control sequences from external text, for terminals, logs and pages.</summary>
internal static partial class PlainText
{
    /// <summary>The text without escape sequences (ECMA-48: colours, titles, links, cursor moves) and control characters; tabs and line feeds stay.</summary>
    public static string Of(string text) => Controls().Replace(Sequences().Replace(text, ""), "");

    /// <summary>The text in one line; null when it is empty.</summary>
    /// <param name="longest">Maximum length in UTF-16 code units.</param>
    public static string? Line(string? text, int longest) =>
        Of((text ?? "").ReplaceLineEndings(" ")).Trim() is not { Length: > 0 } words ? null : words.Length > longest ? words[..longest] : words;

    // CSI (either spelling); OSC, DCS, SOS, PM and APC up to their end; everything else that begins with ESC.
    [GeneratedRegex(@"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]", RegexOptions.CultureInvariant)]
    private static partial Regex Sequences();

    [GeneratedRegex(@"[\x00-\x08\x0b-\x1f\x7f-\x9f]", RegexOptions.CultureInvariant)]
    private static partial Regex Controls();
}
