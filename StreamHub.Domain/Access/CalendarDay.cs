using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamHub.Domain.Access;

/// <summary>A day of the calendar as people write it, <c>2026-12-31</c>, on the wall clock of some time zone.</summary>
public readonly record struct CalendarDay(DateOnly Date)
{
    private const string Pattern = "yyyy-MM-dd";

    /// <summary>Parses <c>2026-12-31</c>, strictly; the last day of the calendar, which has no end, is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CalendarDay day)
    {
        var valid = DateOnly.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date > DateOnly.MinValue && date < DateOnly.MaxValue;
        day = valid ? new CalendarDay(date) : default;
        return valid;
    }

    /// <summary>The last day before an instant, in the zone.</summary>
    public static CalendarDay Before(DateTimeOffset end, TimeZoneInfo zone) =>
        new(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(end.AddTicks(-1), zone).DateTime));

    /// <summary>Its first instant in the zone; of two midnights the first.</summary>
    public DateTimeOffset Start(TimeZoneInfo zone) => WallClock.Instant(Date.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset End(TimeZoneInfo zone) => new CalendarDay(Date.AddDays(1)).Start(zone);

    /// <inheritdoc/>
    public override string ToString() => Date.ToString(Pattern, CultureInfo.InvariantCulture);
}
