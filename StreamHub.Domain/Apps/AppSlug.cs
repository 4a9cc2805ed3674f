using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace StreamHub.Domain.Apps;

/// <summary>The name of an app in URLs: 1 to 63 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</summary>
public readonly record struct AppSlug : IComparable<AppSlug>
{
    /// <summary>The longest slug accepted.</summary>
    public const int MaxLength = 63;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? value;

    private AppSlug(string value) => this.value = value;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => $"1 to {MaxLength} of a-z, 0-9 and -";

    /// <summary>Parses a slug, ordinally: no case folding, no trimming.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AppSlug slug)
    {
        var valid = text is { Length: > 0 and <= MaxLength }
            && !text.AsSpan().ContainsAnyExcept(Allowed);
        slug = valid ? new AppSlug(text!) : default;
        return valid;
    }

    /// <summary>Parses a valid slug.</summary>
    /// <exception cref="FormatException">The text is not a slug.</exception>
    public static AppSlug Parse(string text) =>
        TryParse(text, out var slug) ? slug : throw new FormatException($"'{text}' is not a slug: {Expected}.");

    /// <inheritdoc/>
    public int CompareTo(AppSlug other) => string.CompareOrdinal(value, other.value);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
