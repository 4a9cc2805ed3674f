namespace StreamHub.Domain.Access;

/// <summary>The policy's decision about a client address.</summary>
public abstract record AccessDecision
{
    private AccessDecision()
    {
    }

    /// <summary>The owner of the address and the matching range, whatever the owner's state; null for an unregistered address.</summary>
    public (User User, AddressRange Rule)? Claim => this switch
    {
        Admitted(var user, var rule) => (user, rule),
        Disabled(var user, var rule) => (user, rule),
        Expired(var user, var rule) => (user, rule),
        OutsideHours(var user, var rule) => (user, rule),
        _ => null,
    };

    /// <summary>The address belongs to an active user.</summary>
    /// <param name="Rule">The winning range: the longest prefix that contains the address.</param>
    public sealed record Admitted(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user whose access has expired.</summary>
    public sealed record Expired(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a disabled user.</summary>
    public sealed record Disabled(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to a user outside their permitted hours.</summary>
    public sealed record OutsideHours(User User, AddressRange Rule) : AccessDecision;

    /// <summary>The address belongs to no user.</summary>
    public sealed record Unregistered : AccessDecision
    {
        public static Unregistered Instance { get; } = new();
    }
}
