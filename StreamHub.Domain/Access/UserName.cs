using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StreamHub.Domain.Tokens;

namespace StreamHub.Domain.Access;

/// <summary>The unique name of a user: 1 to 64 characters, no control characters, no surrounding white space.</summary>
public readonly record struct UserName
{
    /// <summary>The longest name accepted, in UTF-16 code units.</summary>
    public const int MaxLength = 64;

    /// <summary>The prefix of a bearer token's actor; see <see cref="TokenName.Actor"/>.</summary>
    public const string TokenPrefix = "token:";

    /// <summary>The prefix of the substitute for an unreadable stored name.</summary>
    private const string RowPrefix = "unreadable #";

    /// <summary>Other actors in the audit.</summary>
    private static readonly string[] Actors = ["cli", "setup"];

    private readonly string? value;

    private UserName(string value) => this.value = value;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => $"1 to {MaxLength} characters without control characters";

    /// <summary>Parses a name; surrounding white space is trimmed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserName name)
    {
        var trimmed = text?.Trim() ?? "";
        var valid = trimmed.Length is > 0 and <= MaxLength && !trimmed.Any(char.IsControl);
        name = valid ? new UserName(trimmed) : default;
        return valid;
    }

    /// <summary>Parses a valid name.</summary>
    /// <exception cref="FormatException">The text is not a name.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a user name: {Expected}.");

    /// <summary>The substitute for an unreadable stored name, from its row id.</summary>
    public static UserName OfRow(int row) => new(string.Create(CultureInfo.InvariantCulture, $"{RowPrefix}{row}"));

    /// <summary>The row id in a name of <see cref="OfRow"/>; null for any other name.</summary>
    public int? Row =>
        ToString().StartsWith(RowPrefix, StringComparison.Ordinal)
        && int.TryParse(ToString().AsSpan(RowPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    /// <summary>
    /// Whether the name is reserved for the hub (<c>cli</c>, <c>setup</c>, or a name of <see cref="OfRow"/>) and unavailable for
    /// users.
    /// </summary>
    public bool IsReserved =>
        Actors.Contains(ToString(), StringComparer.OrdinalIgnoreCase) || ToString().StartsWith(RowPrefix, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
