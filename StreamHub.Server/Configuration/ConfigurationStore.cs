using StreamHub.Domain.Access;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>The current configuration. Readers take an immutable reference; a reload replaces it as a whole.</summary>
internal sealed partial class ConfigurationStore(ILogger<ConfigurationStore> logger)
{
    private HubConfiguration current = HubConfiguration.Empty;

    /// <summary>Raised after each replacement on the reloading thread: subscribers must neither wait nor access the disk.</summary>
    public event Action? Changed;

    public HubConfiguration Current => Volatile.Read(ref current);

    /// <summary>The time zone of users' hours and last days.</summary>
    public TimeZoneInfo Zone => Current.Policy.Zone;

    /// <summary>The current configuration as entries.</summary>
    public HubFile Export() => new()
    {
        Users = [.. Current.Users.Select(UserEntry.Of)],
        Apps = [.. Current.Apps.Select(AppEntry.Of)],
    };

    /// <summary>Ranges of two users that share addresses, and which one wins.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps() => AccessOverlap.Find(Current.Users);

    /// <summary>
    /// Replaces the current configuration and notifies all subscribers. An exception of a subscriber is logged; reload and other subscribers
    /// continue.
    /// </summary>
    public void Swap(HubConfiguration next)
    {
        Volatile.Write(ref current, next);
        foreach (var subscriber in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                subscriber();
            }
            catch (Exception exception)
            {
                Log.SubscriberFailed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1505, LogLevel.Error, "A part of the hub failed when it was told of a new configuration.")]
        public static partial void SubscriberFailed(ILogger logger, Exception exception);
    }
}
