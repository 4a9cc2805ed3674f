using StreamHub.Domain.Access;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Configuration;

/// <summary>The configuration in force. Readers take the reference; a reload swaps it as a whole.</summary>
internal sealed partial class ConfigurationStore(ILogger<ConfigurationStore> logger)
{
    private HubConfiguration current = HubConfiguration.Empty;

    /// <summary>Raised after each swap, on the thread that reloaded: a subscriber neither waits nor touches a disk.</summary>
    public event Action? Changed;

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

    /// <summary>Puts a configuration in force, and tells each subscriber: what one of them throws is no fault of the reload and none of the others' business.</summary>
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
