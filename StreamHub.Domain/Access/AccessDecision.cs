namespace StreamHub.Domain.Access;

/// <summary>What the policy says of an address.</summary>
public abstract record AccessDecision
{
    private AccessDecision()
    {
    }

    /// <summary>Whose the address is, in force or not, and by which range; null for nobody's.</summary>
    public (User User, AddressRange Rule)? Claim => this switch
    {
        Admitted(var user, var rule) => (user, rule),
        Disabled(var user, var rule) => (user, rule),
        Expired(var user, var rule) => (user, rule),
        OutsideHours(var user, var rule) => (user, rule),
        _ => null,
    };

    /// <summary>The address belongs to a user in force.</summary>
    /// <param name="Rule">The range that won: the longest prefix that holds the address.</param>
    public sealed record Admitted(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user whose time is over.</summary>
    public sealed record Expired(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user whom an admin has shut out for the time being.</summary>
    public sealed record Disabled(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user who may come in at other hours.</summary>
    public sealed record OutsideHours(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to nobody.</summary>
    public sealed record Unregistered : AccessDecision
    {
        /// <summary>The only value.</summary>
        public static Unregistered Instance { get; } = new();
    }
}
