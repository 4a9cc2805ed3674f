namespace StreamHub.Domain.Access;

/// <summary>What the policy says of an address.</summary>
public abstract record AccessDecision
{
    private AccessDecision()
    {
    }

    /// <summary>The address belongs to a user in force.</summary>
    /// <param name="User">The user.</param>
    /// <param name="Rule">The range that won: the longest prefix that holds the address.</param>
    public sealed record Admitted(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user whose time is over.</summary>
    /// <param name="User">The user.</param>
    /// <param name="Rule">The range that won.</param>
    public sealed record Expired(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to nobody.</summary>
    public sealed record Unregistered : AccessDecision
    {
        /// <summary>The only value.</summary>
        public static Unregistered Instance { get; } = new();
    }
}
