namespace StreamHub.Domain.Access;

/// <summary>How a change of users would keep admins out of the admin listener.</summary>
public abstract record Lockout
{
    private Lockout()
    {
    }

    /// <summary>No admin would be left.</summary>
    public sealed record NoAdmin : Lockout;

    /// <summary>No admin would be left whose access neither ends nor has hours.</summary>
    public sealed record NoLastingAdmin : Lockout;

    /// <summary>The admin who makes the change would be out.</summary>
    public sealed record Own : Lockout;

    /// <summary>The admin who makes the change would be out at times.</summary>
    /// <param name="Open">The times that would be left.</param>
    public sealed record OwnAtTimes(WeekHours Open) : Lockout;

    /// <summary>The admin who makes the change would be out from an instant on.</summary>
    /// <param name="End">The instant.</param>
    public sealed record OwnAt(DateTimeOffset End) : Lockout;

    /// <summary>What a change would lock out; null for nobody. What is so already is no matter.</summary>
    /// <param name="before">The policy in force.</param>
    /// <param name="after">The policy that would be.</param>
    /// <param name="own">Where the change is made from; null where that is not looked at.</param>
    /// <param name="now">The wall clock.</param>
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
