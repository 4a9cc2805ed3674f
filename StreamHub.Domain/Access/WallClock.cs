namespace StreamHub.Domain.Access;

/// <summary>The one rule by which a local time becomes an instant, also in the hour that a zone repeats or skips.</summary>
public static class WallClock
{
    /// <summary>The instant at which the clock of a zone shows a time: of two the first; of none (the hour is skipped) the one as far after the skip begins.</summary>
    public static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
