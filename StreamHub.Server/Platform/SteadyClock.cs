namespace StreamHub.Server.Platform;

/// <summary>
/// The time of day at the hub's start, advanced by the monotonic clock. It is independent of changes of the machine's clock, and
/// stands still while the machine sleeps, so that no deadline fires early and no duration is negative. Also provides the
/// machine's clock, for hours and dates in settings and for stored instants.
/// </summary>
internal sealed class SteadyClock(TimeProvider timeProvider)
{
    private readonly DateTimeOffset origin = timeProvider.GetUtcNow();
    private readonly long originTimestamp = timeProvider.GetTimestamp();

    /// <summary>The source of timers and elapsed times.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The time for deadlines and durations, UTC.</summary>
    public DateTimeOffset Now => origin + TimeProvider.GetElapsedTime(originTimestamp);

    /// <summary>The machine's clock, UTC.</summary>
    public DateTimeOffset Wall => TimeProvider.GetUtcNow();

    /// <summary>Converts an instant of the steady clock to the machine's clock, for display and storage.</summary>
    public DateTimeOffset OnWall(DateTimeOffset steady) => steady + (Wall - Now);

    /// <summary>Converts a stored instant to the steady clock.</summary>
    public DateTimeOffset OffWall(DateTimeOffset wall) => wall - (Wall - Now);
}
