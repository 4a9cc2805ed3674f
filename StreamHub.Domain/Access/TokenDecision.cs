namespace StreamHub.Domain.Access;

/// <summary>What is said of a bearer token.</summary>
public abstract record TokenDecision
{
    private TokenDecision()
    {
    }

    /// <summary>The token, when it is one that the hub has made.</summary>
    public ApiToken? Known => this switch
    {
        Admitted(var token) => token,
        Revoked(var token) => token,
        Expired(var token) => token,
        OutOfScope(var token) => token,
        _ => null,
    };

    /// <summary>It opens what is asked for.</summary>
    public sealed record Admitted(ApiToken Token) : TokenDecision;

    /// <summary>An admin has taken it back.</summary>
    public sealed record Revoked(ApiToken Token) : TokenDecision;

    /// <summary>Its time is over.</summary>
    public sealed record Expired(ApiToken Token) : TokenDecision;

    /// <summary>It is in force, but not for what is asked for.</summary>
    public sealed record OutOfScope(ApiToken Token) : TokenDecision;

    /// <summary>It cannot be known now what it is.</summary>
    public sealed record Undecided : TokenDecision
    {
        /// <summary>The only value.</summary>
        public static Undecided Instance { get; } = new();
    }

    /// <summary>It is none of the hub's, or not one token.</summary>
    public sealed record Unknown : TokenDecision
    {
        /// <summary>The only value.</summary>
        public static Unknown Instance { get; } = new();
    }
}
