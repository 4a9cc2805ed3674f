using StreamHub.Domain.Access;

namespace StreamHub.Domain.Tokens;

/// <summary>The decision about a bearer token.</summary>
public abstract record TokenDecision
{
    private TokenDecision()
    {
    }

    /// <summary>The token, unless it is unknown.</summary>
    public ApiToken? Known => this switch
    {
        Admitted(var token) => token,
        Revoked(var token) => token,
        Expired(var token) => token,
        OutOfScope(var token) => token,
        _ => null,
    };

    /// <summary>The token permits the request.</summary>
    public sealed record Admitted(ApiToken Token) : TokenDecision;

    public sealed record Revoked(ApiToken Token) : TokenDecision;

    public sealed record Expired(ApiToken Token) : TokenDecision;

    /// <summary>The token is valid, but does not permit the request.</summary>
    public sealed record OutOfScope(ApiToken Token) : TokenDecision;

    /// <summary>The token cannot be checked at the moment.</summary>
    public sealed record Undecided : TokenDecision
    {
        public static Undecided Instance { get; } = new();
    }

    /// <summary>The token is unknown, or the request has several.</summary>
    public sealed record Unknown : TokenDecision
    {
        public static Unknown Instance { get; } = new();
    }
}
