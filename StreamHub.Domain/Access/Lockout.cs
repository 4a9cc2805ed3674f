namespace StreamHub.Domain.Access;

/// <summary>How a change of users would lock admins out of the admin listener.</summary>
public abstract record Lockout
{
    private Lockout()
    {
    }

    /// <summary>No admin would be left.</summary>
    public sealed record NoAdmin : Lockout;

    /// <summary>No admin would be left without expiry and permitted hours.</summary>
    public sealed record NoLastingAdmin : Lockout;

    /// <summary>The admin who makes the change would lose access.</summary>
    public sealed record Own : Lockout;

    /// <summary>The admin who makes the change would have access only at certain hours.</summary>
    /// <param name="Open">The remaining permitted hours.</param>
    public sealed record OwnAtTimes(WeekHours Open) : Lockout;

    /// <summary>The admin who makes the change would lose access at an instant.</summary>
    public sealed record OwnAt(DateTimeOffset End) : Lockout;

    /// <summary>The lockout that a change would cause; null for none. A lockout that already exists is ignored.</summary>
    /// <param name="own">The address of the admin who makes the change; null to skip that check.</param>
    public static Lockout? Of(AccessPolicy before, AccessPolicy after, ClientAddress? own, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Users.Any(IsAdmin) && !after.Users.Any(IsAdmin))
        {
            return new NoAdmin();
        }

        if (before.Users.Any(IsLasting) && !after.Users.Any(IsLasting))
        {
            return new NoLastingAdmin();
        }

        return own is not { } address || AdminAt(before) is not { } self ? null
            : AdminAt(after) is not { } next ? new Own()
            : !next.Hours.Covers(self.Hours) ? new OwnAtTimes(next.Hours)
            : next.Expires is { } end && !(self.Expires <= end) ? new OwnAt(end)
            : null;

        bool IsAdmin(User user) => user.Role == Role.Admin && !user.Disabled && !user.Addresses.IsEmpty && !(user.Expires <= now);
        bool IsLasting(User user) => IsAdmin(user) && user.Expires is null && user.Hours.Covers(WeekHours.Always);
        User? AdminAt(AccessPolicy policy) => policy.Decide(address, now) is AccessDecision.Admitted { User: { Role: Role.Admin } user } ? user : null;
    }
}
