using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamHub.Domain.Access;

/// <summary>The unique name of a user: 1 to 64 characters, no control characters, no surrounding white space.</summary>
public readonly record struct UserName
{
    /// <summary>The longest name accepted, in UTF-16 code units.</summary>
    public const int MaxLength = 64;

    /// <summary>How the actor of a bearer token begins; see <see cref="TokenName.Actor"/>.</summary>
    public const string TokenPrefix = "token:";

    /// <summary>How the name begins of a user whose stored one cannot be read.</summary>
    private const string RowPrefix = "unreadable #";

    /// <summary>Who else acts in the audit.</summary>
    private static readonly string[] Actors = ["cli", "setup"];

    private readonly string? value;

    private UserName(string value) => this.value = value;

    /// <summary>What a name must look like, for messages.</summary>
    public static string Expected => $"1 to {MaxLength} characters without control characters";

    /// <summary>Parses a name; white space around it is dropped.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserName name)
    {
        var trimmed = text?.Trim() ?? "";
        var valid = trimmed.Length is > 0 and <= MaxLength && !trimmed.Any(char.IsControl);
        name = valid ? new UserName(trimmed) : default;
        return valid;
    }

    /// <summary>Parses a name that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not a name.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a user name: {Expected}.");

    /// <summary>The name of a user whose stored one cannot be read, by the number of the row.</summary>
    public static UserName OfRow(int row) => new(string.Create(CultureInfo.InvariantCulture, $"{RowPrefix}{row}"));

    /// <summary>The number of the row that a name of <see cref="OfRow"/> stands for; null for any other name.</summary>
    public int? Row =>
        ToString().StartsWith(RowPrefix, StringComparison.Ordinal)
        && int.TryParse(ToString().AsSpan(RowPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    /// <summary>Whether the name is one of the hub's own (<c>cli</c>, <c>setup</c>, or like <see cref="OfRow"/>'s) and so nobody's.</summary>
    public bool IsReserved =>
        Actors.Contains(ToString(), StringComparer.OrdinalIgnoreCase) || ToString().StartsWith(RowPrefix, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
