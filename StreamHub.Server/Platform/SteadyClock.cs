namespace StreamHub.Server.Platform;

/// <summary>
/// The time of day at the hub's start, advanced by the monotonic clock: it never jumps, whatever is done to the
/// machine's clock, and stands still while the machine sleeps, so no deadline fires early and no duration is negative. Beside it
/// the machine's clock, which people mean by an hour or a date, and which is written down.
/// </summary>
internal sealed class SteadyClock(TimeProvider timeProvider)
{
    private readonly DateTimeOffset origin = timeProvider.GetUtcNow();
    private readonly long originTimestamp = timeProvider.GetTimestamp();

    /// <summary>Where timers and elapsed times come from.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The time for deadlines and durations, UTC.</summary>
    public DateTimeOffset Now => origin + TimeProvider.GetElapsedTime(originTimestamp);

    /// <summary>What the machine's clock shows, UTC.</summary>
    public DateTimeOffset Wall => TimeProvider.GetUtcNow();

    /// <summary>An instant of the steady clock, as the machine's clock shows it: what people are told and what is written down.</summary>
    public DateTimeOffset OnWall(DateTimeOffset steady) => steady + (Wall - Now);

    /// <summary>An instant that was written down, on the steady clock.</summary>
    public DateTimeOffset OffWall(DateTimeOffset wall) => wall - (Wall - Now);
}
