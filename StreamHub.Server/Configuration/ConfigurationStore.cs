using StreamHub.Domain.Access;
using StreamHub.Server.Configuration.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>The configuration in force. Readers take the reference; a reload swaps it as a whole.</summary>
internal sealed class ConfigurationStore
{
    private HubConfiguration current = HubConfiguration.Empty;

    /// <summary>Raised after each swap, on the thread that reloaded.</summary>
    public event Action<HubConfiguration>? Changed;

    /// <summary>Raised after <see cref="Changed"/>: for pages, once access has been cut and apps are told.</summary>
    public event Action? Applied;

    /// <summary>The configuration in force.</summary>
    public HubConfiguration Current => Volatile.Read(ref current);

    /// <summary>Whose wall clock the hours and last days of users mean.</summary>
    public TimeZoneInfo Zone => Current.Policy.Zone;

    /// <summary>The configuration in force, as entries.</summary>
    public HubFile Export() => new()
    {
        Users = [.. Current.Users.Select(UserEntry.Of)],
        Apps = [.. Current.Apps.Select(AppEntry.Of)],
    };

    /// <summary>Ranges of two users that share addresses, with the winner.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps() => AccessOverlap.Find(Current.Users);

    /// <summary>Puts a configuration in force.</summary>
    public void Swap(HubConfiguration next)
    {
        Volatile.Write(ref current, next);
        Changed?.Invoke(next);
        Applied?.Invoke();
    }
}
