using System.Collections.Frozen;
using System.Collections.Immutable;
using StreamHub.Domain.Access;

namespace StreamHub.Domain.Tokens;

/// <summary>Every bearer token, indexed by the hash of its secret. Immutable.</summary>
public sealed class ApiTokens
{
    private readonly FrozenDictionary<string, ApiToken> byHash;

    private ApiTokens(FrozenDictionary<string, ApiToken> byHash) => this.byHash = byHash;

    public static ApiTokens None { get; } = Of([]);

    /// <summary>All tokens, including revoked ones.</summary>
    public ImmutableArray<ApiToken> All => byHash.Values;

    /// <summary>Builds the index.</summary>
    public static ApiTokens Of(IEnumerable<ApiToken> tokens) => new(tokens.ToFrozenDictionary(token => token.Hash, StringComparer.Ordinal));

    /// <summary>The active token with that name; null for none.</summary>
    public ApiToken? Find(TokenName name) => byHash.Values.FirstOrDefault(token => token.Name == name && !token.IsRevoked);

    /// <summary>Decides whether a token permits a request.</summary>
    /// <param name="hash">SHA-256 of the secret, hexadecimal; null for a malformed secret.</param>
    /// <param name="changes">Whether the request changes state.</param>
    public TokenDecision Decide(string? hash, bool changes, DateTimeOffset now) =>
        hash is null || !byHash.TryGetValue(hash, out var token) ? TokenDecision.Unknown.Instance
        : token.IsRevoked ? new TokenDecision.Revoked(token)
        : token.Expires <= now ? new TokenDecision.Expired(token)
        : changes && token.Scope != TokenScope.Write ? new TokenDecision.OutOfScope(token)
        : new TokenDecision.Admitted(token);
}
