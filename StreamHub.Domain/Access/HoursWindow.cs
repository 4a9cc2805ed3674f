namespace StreamHub.Domain.Access;

/// <summary>A wall-clock interval that begins on each of the given week days.</summary>
/// <param name="Days">Bit n is the <see cref="DayOfWeek"/> n on which the window begins; at least one.</param>
/// <param name="Start">First minute of the day, 0 to 1439.</param>
/// <param name="End">The exclusive end minute, 1 to 1440; at or before <paramref name="Start"/> when the window ends on the next day.</param>
public readonly record struct HoursWindow(int Days, int Start, int End)
{
    /// <summary>Minutes per day on the wall clock.</summary>
    internal const int DayMinutes = 24 * 60;

    /// <summary>Whether the window contains this minute of this day.</summary>
    public bool Contains(DayOfWeek day, int minute) =>
        Start < End
            ? Begins(day) && minute >= Start && minute < End
            : (Begins(day) && minute >= Start) || (Begins((DayOfWeek)(((int)day + 6) % 7)) && minute < End);

    private bool Begins(DayOfWeek day) => (Days & (1 << (int)day)) != 0;
}
