namespace StreamHub.Domain.Access;

/// <summary>Converts local times to instants, including hours that a zone repeats or skips.</summary>
public static class WallClock
{
    /// <summary>
    /// The instant of a local time in a zone: the first of two; for a skipped time, the instant equally far after the start of
    /// the skip.
    /// </summary>
    public static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
