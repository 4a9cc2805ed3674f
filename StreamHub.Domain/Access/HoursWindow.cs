namespace StreamHub.Domain.Access;

/// <summary>A stretch of the wall clock that begins on each of some week days.</summary>
/// <param name="Days">Bit n is the <see cref="DayOfWeek"/> n on which the window begins; at least one.</param>
/// <param name="Start">First minute of the day, 0 to 1439.</param>
/// <param name="End">The minute that is no longer in it, 1 to 1440; not after <paramref name="Start"/> when the window ends on the next day.</param>
public readonly record struct HoursWindow(int Days, int Start, int End)
{
    /// <summary>Minutes of a day on the wall clock.</summary>
    internal const int DayMinutes = 24 * 60;

    /// <summary>Whether the window holds this minute of this day.</summary>
    public bool Contains(DayOfWeek day, int minute) =>
        Start < End
            ? Begins(day) && minute >= Start && minute < End
            : (Begins(day) && minute >= Start) || (Begins((DayOfWeek)(((int)day + 6) % 7)) && minute < End);

    private bool Begins(DayOfWeek day) => (Days & (1 << (int)day)) != 0;
}
