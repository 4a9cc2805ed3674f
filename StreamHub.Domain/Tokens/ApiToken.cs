
namespace StreamHub.Domain.Tokens;

/// <summary>A bearer token for scripts. Only the hash of the secret is stored.</summary>
/// <param name="Hash">SHA-256 of the secret, hexadecimal.</param>
/// <param name="Expires">The instant of expiry; null for none.</param>
public sealed record ApiToken(string Hash, TokenName Name, TokenScope Scope, DateTimeOffset? Expires, bool IsRevoked);
