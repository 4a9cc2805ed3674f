using System.Collections.Immutable;
using System.Globalization;

namespace StreamHub.Domain.Access;

/// <summary>
/// Windows of week days and hours on the hub's wall clock: permitted hours of a user, warm hours of an app. The displayed
/// wall-clock time counts: an hour skipped by daylight saving never occurs, a repeated hour counts twice. Equality is by
/// canonical text.
/// </summary>
public sealed class WeekHours : IEquatable<WeekHours>
{
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    // A week begins on Monday: day ranges in canonical text begin there.
    private static readonly int[] Week = [1, 2, 3, 4, 5, 6, 0];

    private WeekHours(ImmutableArray<HoursWindow> windows) => Windows = windows;

    /// <summary>Without limit.</summary>
    public static WeekHours Always { get; } = new([]);

    /// <summary>The windows; empty means any time.</summary>
    public ImmutableArray<HoursWindow> Windows { get; }

    /// <summary>Whether there is no limit.</summary>
    public bool IsAlways => Windows.IsEmpty;

    /// <summary>The expected format of a window, for messages.</summary>
    public static string Expected => "week days and hours such as 'Mon-Fri 08:00-18:00' or 'Sat,Sun 22:00-06:00'; a whole day is 00:00-24:00";

    /// <summary>A limit of these windows; empty means any time.</summary>
    public static WeekHours Of(IEnumerable<HoursWindow> windows)
    {
        ImmutableArray<HoursWindow> all = [.. windows];
        return all.IsEmpty ? Always : new WeekHours(all);
    }

    /// <summary>Whether the instant is in one of the windows on the wall clock of <paramref name="zone"/>.</summary>
    public bool Allows(DateTimeOffset instant, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (Windows.IsEmpty)
        {
            return true;
        }

        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return Holds((int)local.DayOfWeek, (local.Hour * 60) + local.Minute);
    }

    /// <summary>Whether this allows everything that the other allows, in every zone.</summary>
    public bool Covers(WeekHours other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsAlways || Enumerable.Range(0, 7 * HoursWindow.DayMinutes).All(minute => Holds(minute) || !other.Holds(minute));
    }

    /// <summary>Parses one window: <c>Mon-Fri 08:00-18:00</c>, <c>Fri 22:00-06:00</c> (to the next morning), <c>Mon,Wed 00:00-24:00</c>.</summary>
    public static bool TryParse(string? text, out HoursWindow window)
    {
        window = default;
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length != 2 || !TryDays(words[0], out var days))
        {
            return false;
        }

        var times = words[1].Split('-');
        if (times.Length != 2 || !TryTime(times[0], out var start) || !TryTime(times[1], out var end) || start == HoursWindow.DayMinutes)
        {
            return false;
        }

        end = end == 0 ? HoursWindow.DayMinutes : end;
        if (start == end)
        {
            return false;
        }

        window = new HoursWindow(days, start, end);
        return true;
    }

    /// <summary>The canonical text of one window.</summary>
    public static string Format(HoursWindow window)
    {
        var runs = new List<string>();
        for (var first = 0; first < Week.Length; first++)
        {
            if ((window.Days & (1 << Week[first])) == 0)
            {
                continue;
            }

            var last = first;
            while (last + 1 < Week.Length && (window.Days & (1 << Week[last + 1])) != 0)
            {
                last++;
            }

            runs.Add(first == last ? DayNames[Week[first]]
                : last == first + 1 ? $"{DayNames[Week[first]]},{DayNames[Week[last]]}"
                : $"{DayNames[Week[first]]}-{DayNames[Week[last]]}");
            first = last;
        }

        return $"{string.Join(',', runs)} {Time(window.Start)}-{Time(window.End)}";
    }

    /// <inheritdoc/>
    public bool Equals(WeekHours? other) => other is not null && Windows.SequenceEqual(other.Windows);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WeekHours);

    /// <inheritdoc/>
    public override int GetHashCode() => Windows.Aggregate(0, HashCode.Combine);

    /// <summary>The canonical texts, joined by <c>; </c>; empty for any time.</summary>
    public override string ToString() => string.Join("; ", Windows.Select(Format));

    private bool Holds(int minute) => IsAlways || Holds(minute / HoursWindow.DayMinutes, minute % HoursWindow.DayMinutes);

    private bool Holds(int day, int minute)
    {
        foreach (var window in Windows)
        {
            if (window.Contains((DayOfWeek)day, minute))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryDays(string text, out int days)
    {
        days = 0;
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            var first = Day(ends[0]);
            var last = ends.Length == 1 ? first : Day(ends[^1]);
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return false;
            }

            // A range may wrap around the end of the week: Fri-Mon.
            for (var day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last)
                {
                    break;
                }
            }
        }

        return true;
    }

    private static int Day(string text) => Array.FindIndex(DayNames, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));

    private static bool TryTime(string text, out int minute)
    {
        minute = 0;
        if (text.Length != 5 || text[2] != ':'
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || minutes > 59)
        {
            return false;
        }

        minute = (hours * 60) + minutes;
        return minute <= HoursWindow.DayMinutes;
    }

    private static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
