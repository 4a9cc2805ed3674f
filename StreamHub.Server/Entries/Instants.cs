using System.Globalization;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Entries;

/// <summary>Parses instants. An offset is required: without it, the text would mean another instant on a machine in another zone.</summary>
internal static class Instants
{
    private static readonly string[] Patterns = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The accepted formats where a day is allowed, for messages.</summary>
    public static string Expected => "a day such as 2026-11-30 or an instant such as 2026-11-30T18:00:00+09:00";

    /// <summary>Parses <c>2026-11-30T18:00:00+09:00</c>, also without seconds or with fractions.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Patterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant)
        && (text.EndsWith('Z') || text[^6] is '+' or '-');

    /// <summary>Parses an end: an instant, or a last day, which ends at midnight in the zone.</summary>
    public static bool TryParseEnd(string text, TimeZoneInfo zone, out DateTimeOffset end)
    {
        var isDay = CalendarDay.TryParse(text, out var day);
        end = isDay ? day.End(zone) : default;
        return isDay || TryParse(text, out end);
    }
}
