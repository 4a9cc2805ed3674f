using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StreamHub.Server.Tokens;

/// <summary>
/// The secrets of bearer tokens: <c>shub_</c> and 32 random bytes. Random secrets need no password hash; one round of SHA-256 is sufficient.
/// </summary>
internal static class BearerToken
{
    /// <summary>The prefix of every secret, so that secret scanners recognise a leaked one.</summary>
    public const string Prefix = "shub_";

    private const string Scheme = "Bearer";
    private const int Bytes = 32;
    private const int Length = 5 + 43;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The stored hash of a secret.</summary>
    public static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether the request has a bearer token of any kind.</summary>
    public static bool IsPresented(HttpRequest request) => request.Headers.Authorization.Count > 0 && request.Headers.Authorization.Any(header => Credentials(header) is not null);

    /// <summary>Whether the request has a bearer token with the hub's prefix.</summary>
    public static bool IsOwn(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 && request.Headers.Authorization.Any(header => Credentials(header)?.Contains(Prefix, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The hash of the request's token; null without exactly one token in the hub's format.</summary>
    public static string? HashOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && Credentials(header) is [' ', .. { Length: Length } secret] && secret.StartsWith(Prefix, StringComparison.Ordinal)
            ? Hash(secret)
            : null;

    /// <summary>The text after the scheme, with the leading space; null for another scheme.</summary>
    private static string? Credentials(string? header) =>
        header?.TrimStart() is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && text[Scheme.Length..] is var rest && (rest.Length == 0 || !char.IsAsciiLetterOrDigit(rest[0]))
            ? rest
            : null;
}
