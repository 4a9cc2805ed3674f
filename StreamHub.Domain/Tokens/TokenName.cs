using System.Diagnostics.CodeAnalysis;
using StreamHub.Domain.Access;

namespace StreamHub.Domain.Tokens;

/// <summary>The name of a bearer token: 1 to 50 letters of any script, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
public readonly record struct TokenName
{
    /// <summary>The longest name accepted, in UTF-16 code units.</summary>
    public const int MaxLength = 50;

    private readonly string? value;

    private TokenName(string value) => this.value = value;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => $"1 to {MaxLength} letters, digits, '.', '_' and '-'";

    /// <summary>The token's name as an actor in the audit; never a user name.</summary>
    public string Actor => UserName.TokenPrefix + this;

    /// <summary>Parses a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TokenName name)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && text.All(sign => char.IsLetterOrDigit(sign) || sign is '.' or '_' or '-');
        name = valid ? new TokenName(text!) : default;
        return valid;
    }

    /// <summary>Parses a valid name.</summary>
    /// <exception cref="FormatException">The text is not a name.</exception>
    public static TokenName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a token's name: {Expected}.");

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
