using System.Collections.Immutable;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>A registered person: who they are, where they come from and what is theirs.</summary>
/// <param name="Apps">The apps assigned; an admin reaches every app without.</param>
/// <param name="Expires">The instant from which the user is no longer admitted; null for no end.</param>
public sealed record User(
    UserName Name,
    Role Role,
    ImmutableArray<AddressRange> Addresses,
    ImmutableHashSet<AppSlug> Apps,
    DateTimeOffset? Expires = null)
{
    /// <summary>What stays when the name changes; 0 for a user who is not stored.</summary>
    public int Id { get; init; }

    /// <summary>Whether the user is shut out, whatever else holds.</summary>
    public bool Disabled { get; init; }

    /// <summary>When the user may come in, on the hub's wall clock.</summary>
    public WeekHours Hours { get; init; } = WeekHours.Always;

    /// <summary>Whether ranges wider than usual (<see cref="AddressRange.IsTooWide"/>) are meant.</summary>
    public bool AllowWide { get; init; }

    /// <summary>Whether it is the same person, by whatever name.</summary>
    public bool IsSameAs(User other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == 0 || other.Id == 0 ? Name == other.Name : Id == other.Id;
    }

    /// <summary>Whether the user may reach the app.</summary>
    public bool MayOpen(AppSlug app) => Role == Role.Admin || Apps.Contains(app);
}
