using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StreamHub.Server.Tokens;

/// <summary>The secrets of bearer tokens: <c>shub_</c> and 32 random bytes. No password, so one round of SHA-256 keeps them.</summary>
internal static class BearerToken
{
    /// <summary>How every secret begins, so that one that lies around is found and known for what it is.</summary>
    public const string Prefix = "shub_";

    private const string Scheme = "Bearer";
    private const int Bytes = 32;
    private const int Length = 5 + 43;

    /// <summary>A new secret.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of a secret.</summary>
    public static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether the request presents a bearer token, whoever's.</summary>
    public static bool IsPresented(HttpRequest request) => request.Headers.Authorization.Count > 0 && request.Headers.Authorization.Any(header => Credentials(header) is not null);

    /// <summary>Whether it presents one that looks like the hub's.</summary>
    public static bool IsOwn(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 && request.Headers.Authorization.Any(header => Credentials(header)?.Contains(Prefix, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>What is kept of the secret that the request presents; null when it presents not exactly one that could be the hub's.</summary>
    public static string? HashOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && Credentials(header) is [' ', .. { Length: Length } secret] && secret.StartsWith(Prefix, StringComparison.Ordinal)
            ? Hash(secret)
            : null;

    /// <summary>What follows the scheme, the space included; null for another scheme.</summary>
    private static string? Credentials(string? header) =>
        header?.TrimStart() is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && text[Scheme.Length..] is var rest && (rest.Length == 0 || !char.IsAsciiLetterOrDigit(rest[0]))
            ? rest
            : null;
}
