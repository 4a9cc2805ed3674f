using System.Collections.Frozen;
using System.Collections.Immutable;

namespace StreamHub.Domain.Access;

/// <summary>Every bearer token, found by the hash of its secret. Immutable.</summary>
public sealed class ApiTokens
{
    private readonly FrozenDictionary<string, ApiToken> byHash;

    private ApiTokens(FrozenDictionary<string, ApiToken> byHash) => this.byHash = byHash;

    /// <summary>None.</summary>
    public static ApiTokens None { get; } = Of([]);

    /// <summary>All of them, revoked ones too.</summary>
    public ImmutableArray<ApiToken> All => byHash.Values;

    /// <summary>The tokens, for looking up.</summary>
    public static ApiTokens Of(IEnumerable<ApiToken> tokens) => new(tokens.ToFrozenDictionary(token => token.Hash, StringComparer.Ordinal));

    /// <summary>The token of that name that was not taken back; null when there is none.</summary>
    public ApiToken? Find(TokenName name) => byHash.Values.FirstOrDefault(token => token.Name == name && !token.IsRevoked);

    /// <summary>Whether a secret opens what is asked for.</summary>
    /// <param name="hash">SHA-256 of the secret, hexadecimal; null for what cannot be a secret.</param>
    /// <param name="changes">Whether it asks for a change.</param>
    public TokenDecision Decide(string? hash, bool changes, DateTimeOffset now) =>
        hash is null || !byHash.TryGetValue(hash, out var token) ? TokenDecision.Unknown.Instance
        : token.IsRevoked ? new TokenDecision.Revoked(token)
        : token.Expires <= now ? new TokenDecision.Expired(token)
        : changes && token.Scope != TokenScope.Write ? new TokenDecision.OutOfScope(token)
        : new TokenDecision.Admitted(token);
}
