namespace StreamHub.Server.Hosting;

/// <summary>
/// The time of day at the hub's start, advanced by the monotonic clock: it never jumps, whatever is done to the
/// machine's clock, so no deadline fires early and no duration is negative.
/// </summary>
public sealed class SteadyClock(TimeProvider timeProvider)
{
    private readonly DateTimeOffset origin = timeProvider.GetUtcNow();
    private readonly long originTimestamp = timeProvider.GetTimestamp();

    /// <summary>Where timers and elapsed times come from.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now => origin + TimeProvider.GetElapsedTime(originTimestamp);
}
