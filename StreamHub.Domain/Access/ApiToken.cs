namespace StreamHub.Domain.Access;

/// <summary>A bearer token for scripts. The secret itself is known to whoever has it only.</summary>
/// <param name="Hash">SHA-256 of the secret, hexadecimal.</param>
/// <param name="Name">What the admins call it.</param>
/// <param name="Expires">The instant from which it opens nothing; null for no end.</param>
/// <param name="IsRevoked">Whether an admin has taken it back.</param>
public sealed record ApiToken(string Hash, TokenName Name, TokenScope Scope, DateTimeOffset? Expires, bool IsRevoked);
