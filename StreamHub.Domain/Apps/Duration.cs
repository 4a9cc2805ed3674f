using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamHub.Domain.Apps;

/// <summary>A duration as text: <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>1d</c>, or <c>never</c> for zero.</summary>
public static class Duration
{
    private static readonly (char Unit, TimeSpan Length)[] Units =
    [
        ('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => "a whole number with s, m, h or d after it, or 'never'";

    /// <summary>The expected format where zero makes no sense.</summary>
    public static string ExpectedPositive => "a whole number above 0 with s, m, h or d after it";

    /// <summary>The longest duration accepted.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Parses a duration of at most <see cref="Longest"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "never" or "0")
        {
            return true;
        }

        if (string.IsNullOrEmpty(text) || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var length = Array.Find(Units, unit => unit.Unit == text[^1]).Length;
        if (length == TimeSpan.Zero || count > Longest / length)
        {
            return false;
        }

        duration = count * length;
        return true;
    }

    /// <summary>The shortest text that parses back: whole seconds, in the largest unit that divides them.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "never";
        }

        var (unit, length) = Array.Find(Units, candidate => duration.Ticks % candidate.Length.Ticks == 0);
        return length == TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(duration.TotalSeconds)}s")
            : string.Create(CultureInfo.InvariantCulture, $"{duration / length}{unit}");
    }
}
