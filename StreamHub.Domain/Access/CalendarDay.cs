using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamHub.Domain.Access;

/// <summary>A calendar day as <c>2026-12-31</c>, on the wall clock of a time zone.</summary>
public readonly record struct CalendarDay(DateOnly Date)
{
    private const string Pattern = "yyyy-MM-dd";

    /// <summary>Parses <c>2026-12-31</c>, strictly. The last day of the calendar is rejected, because its end cannot be represented.</summary>
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

    /// <summary>The day's first instant in the zone; the first midnight where the zone has two.</summary>
    public DateTimeOffset Start(TimeZoneInfo zone) => WallClock.Instant(Date.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>The first instant after the day.</summary>
    public DateTimeOffset End(TimeZoneInfo zone) => new CalendarDay(Date.AddDays(1)).Start(zone);

    /// <inheritdoc/>
    public override string ToString() => Date.ToString(Pattern, CultureInfo.InvariantCulture);
}
