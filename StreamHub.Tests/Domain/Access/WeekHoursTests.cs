using CsCheck;
using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class WeekHoursTests
{
    // Minutes from midnight, with the edges of the skipped and the repeated hour more often than others.
    private static readonly Gen<int> Edge = Gen.OneOf<int>(Gen.Int[0, 1439], Gen.OneOf(0, 60, 90, 119, 120, 121, 150, 180, 1380, 1439));

    private static readonly Gen<HoursWindow> Window =
        from days in Gen.Int[1, 127]
        from start in Edge
        from length in Gen.Int[1, 1439]
        let end = (start + length) % 1440
        select new HoursWindow(days, start, end == 0 ? 1440 : end);

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00", "Mon-Fri 08:00-18:00")]
    [InlineData(" mon-FRI   08:00-18:00 ", "Mon-Fri 08:00-18:00")]
    [InlineData("Fri-Mon 22:00-06:00", "Mon,Fri-Sun 22:00-06:00")]
    [InlineData("Sat,Sun 00:00-00:00", "Sat,Sun 00:00-24:00")]
    [InlineData("Sat,Sun 00:00-24:00", "Sat,Sun 00:00-24:00")]
    [InlineData("Sun 20:00-00:00", "Sun 20:00-24:00")]
    [InlineData("mon,tue,wed,thu,fri,sat,sun 08:00-09:00", "Mon-Sun 08:00-09:00")]
    [InlineData("Sun,Sat,Thu,Tue 08:00-09:00", "Tue,Thu,Sat,Sun 08:00-09:00")]
    [InlineData("Wed,Fri 08:00-09:00", "Wed,Fri 08:00-09:00")]
    [InlineData("Mon,Mon-Tue 08:00-09:00", "Mon,Tue 08:00-09:00")]
    [InlineData("Mon 08:00-08:00", null)]
    [InlineData("Mon 24:00-08:00", null)]
    [InlineData("Mon 8:00-18:00", null)]
    [InlineData("Mon 08:00-24:01", null)]
    [InlineData("Mon 08:60-18:00", null)]
    [InlineData("Mon 08:00", null)]
    [InlineData("Mon", null)]
    [InlineData("08:00-18:00", null)]
    [InlineData("Montag 08:00-18:00", null)]
    [InlineData("Mon-Wed-Fri 08:00-18:00", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_window_is_read_or_refused(string? text, string? canonical)
    {
        WeekHours.TryParse(text, out var window).Should().Be(canonical is not null);
        if (canonical is not null)
        {
            WeekHours.Format(window).Should().Be(canonical);
        }
    }

    [Fact]
    public void Hours_are_equal_by_their_windows()
    {
        WeekHours.TryParse("Mon 08:00-18:00", out var monday).Should().BeTrue();
        WeekHours.TryParse("Sat,Sun 22:00-06:00", out var nights).Should().BeTrue();
        var hours = WeekHours.Of([monday, nights]);
        hours.ToString().Should().Be("Mon 08:00-18:00; Sat,Sun 22:00-06:00");
        hours.Should().Be(WeekHours.Of([monday, nights])).And.NotBe(WeekHours.Of([monday])).And.NotBe(WeekHours.Always);
        hours.GetHashCode().Should().Be(WeekHours.Of([monday, nights]).GetHashCode());
        hours.Equals(null).Should().BeFalse();
        WeekHours.Of([]).Should().BeSameAs(WeekHours.Always);
        WeekHours.Always.ToString().Should().BeEmpty();
    }

    [Fact]
    public void Canonical_text_reads_as_the_same_window() =>
        Window.Sample(window => WeekHours.TryParse(WeekHours.Format(window), out var again) && again == window, iter: 5_000);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T01:00:00Z", 60, 120)]
    [InlineData("Europe/Berlin", "2026-10-25T01:00:00Z", 120, 60)]
    [InlineData("America/New_York", "2026-03-08T07:00:00Z", -300, -240)]
    [InlineData("America/New_York", "2026-11-01T06:00:00Z", -240, -300)]
    public void Every_minute_around_a_change_of_the_clock_is_as_the_wall_clock_shows(string id, string change, int before, int after)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var at = DateTimeOffset.Parse(change, System.Globalization.CultureInfo.InvariantCulture);
        Window.Array[1, 3].Sample(
            windows =>
            {
                var hours = WeekHours.Of(windows);
                var week = Minutes(windows);
                for (var minute = -48 * 60; minute < 48 * 60; minute++)
                {
                    // The oracle knows nothing of time zones: only the offsets before and after.
                    var instant = at.AddMinutes(minute);
                    var wall = instant.UtcDateTime.AddMinutes(minute < 0 ? before : after);
                    if (hours.Allows(instant, zone) != week[((int)wall.DayOfWeek * 1440) + (wall.Hour * 60) + wall.Minute])
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 100);
    }

    [Fact]
    public void A_skipped_hour_never_comes_and_a_repeated_one_counts_twice()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        WeekHours.TryParse("Sun 02:00-03:00", out var window).Should().BeTrue();
        var hours = WeekHours.Of([window]);
        Allowed(new DateTimeOffset(2026, 3, 28, 22, 0, 0, TimeSpan.Zero)).Should().Be(0);
        Allowed(new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero)).Should().Be(120);

        int Allowed(DateTimeOffset midnight) => Enumerable.Range(0, 12 * 60).Count(minute => hours.Allows(midnight.AddMinutes(minute), zone));
    }

    /// <summary>The minutes of a week, from Sunday, walked one by one from each window's begin to its end.</summary>
    private static bool[] Minutes(HoursWindow[] windows)
    {
        var week = new bool[7 * 1440];
        foreach (var window in windows)
        {
            for (var day = 0; day < 7; day++)
            {
                if ((window.Days & (1 << day)) == 0)
                {
                    continue;
                }

                for (var minute = window.Start; minute % 1440 != window.End % 1440 || minute == window.Start; minute++)
                {
                    week[((day * 1440) + minute) % week.Length] = true;
                }
            }
        }

        return week;
    }
}
