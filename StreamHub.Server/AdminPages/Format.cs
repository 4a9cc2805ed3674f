using System.Globalization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Server.AdminPages;

/// <summary>Formats values for the admin pages.</summary>
internal static class Format
{
    /// <summary><c>2d 03:04:05</c>; without days below 24 hours.</summary>
    public static string Span(TimeSpan span)
    {
        var shown = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return shown.ToString(shown.Days > 0 ? @"d\d\ hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Gibibytes with one decimal.</summary>
    public static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.CurrentCulture);

    /// <summary>Parses the key of an instance (<c>sales</c>, <c>sales@kim</c>); a slug contains no @.</summary>
    public static InstanceKey Instance(string key)
    {
        var at = key.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? new InstanceKey(AppSlug.Parse(key)) : new InstanceKey(AppSlug.Parse(key[..at]), UserName.Parse(key[(at + 1)..]));
    }

    /// <summary>An instant in a time zone, to the second.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The last full day before an end.</summary>
    public static string LastDay(DateTimeOffset end, TimeZoneInfo zone) => CalendarDay.Before(end, zone).ToString();

    /// <summary>The end of a day (<c>2026-12-31</c>); null for invalid text.</summary>
    public static DateTimeOffset? EndOfDay(string? day, TimeZoneInfo zone) => CalendarDay.TryParse(day, out var last) ? last.End(zone) : null;

    /// <summary>An instant in a time zone, to the minute.</summary>
    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The time of day of an instant in a time zone, to the minute.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("t", CultureInfo.CurrentCulture);

    /// <summary>Parses a local time (<c>2026-12-31T18:00</c>) in a time zone; null for invalid text.</summary>
    public static DateTimeOffset? Instant(string? local, TimeZoneInfo zone) =>
        DateTime.TryParseExact(local, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? WallClock.Instant(time, zone)
            : null;

    /// <summary>The non-empty lines of a text.</summary>
    public static IList<string> Lines(string? text) =>
        (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
