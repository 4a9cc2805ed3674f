using System.Globalization;
using System.Text;

namespace StreamHub.Domain.Apps;

/// <summary>The sign of an app in lists: an emoji, or one or two characters.</summary>
public static class AppIcon
{
    /// <summary>The longest icon accepted, in UTF-16 code units: marks and joiners are part of the character before them, in any number.</summary>
    private const int MaxLength = 32;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => "an emoji, or one or two characters";

    /// <summary>Whether each character can be seen; an emoji with its modifiers is one character (Unicode UAX #29, grapheme clusters).</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxLength && StringInfo.ParseCombiningCharacters(text) is { Length: 1 or 2 } characters
            && characters.All(at => Rune.TryGetRuneAt(text, at, out var first) && IsVisible(first));
    }

    private static bool IsVisible(Rune rune) => Rune.IsLetter(rune) || Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
