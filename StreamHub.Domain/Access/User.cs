using System.Collections.Immutable;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>A registered user: name, role, address ranges and apps.</summary>
/// <param name="Apps">The assigned apps; an admin has access to every app.</param>
/// <param name="Expires">The instant of expiry; null for none.</param>
public sealed record User(
    UserName Name,
    Role Role,
    ImmutableArray<AddressRange> Addresses,
    ImmutableHashSet<AppSlug> Apps,
    DateTimeOffset? Expires = null)
{
    /// <summary>The stable id across renames; 0 before the user is stored.</summary>
    public int Id { get; init; }

    /// <summary>Whether access is disabled, regardless of all other fields.</summary>
    public bool Disabled { get; init; }

    /// <summary>Permitted hours, on the hub's wall clock.</summary>
    public WeekHours Hours { get; init; } = WeekHours.Always;

    /// <summary>Whether ranges wider than usual (<see cref="AddressRange.IsTooWide"/>) are intended.</summary>
    public bool AllowWide { get; init; }

    /// <summary>Whether both records are the same user, regardless of the name.</summary>
    public bool IsSameAs(User other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == 0 || other.Id == 0 ? Name == other.Name : Id == other.Id;
    }

    /// <summary>Whether the user has access to the app.</summary>
    public bool MayOpen(AppSlug app) => Role == Role.Admin || Apps.Contains(app);
}
