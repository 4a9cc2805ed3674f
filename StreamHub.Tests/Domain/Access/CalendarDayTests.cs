using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class CalendarDayTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("2026-12-31", "2026-12-30T23:00:00Z", "2026-12-31T23:00:00Z")]
    public void A_day_lasts_from_midnight_to_midnight_of_the_wall_clock(string text, string start, string end)
    {
        CalendarDay.TryParse(text, out var day).Should().BeTrue();
        day.Start(Berlin).Should().Be(DateTimeOffset.Parse(start));
        day.End(Berlin).Should().Be(DateTimeOffset.Parse(end));
        CalendarDay.Before(day.End(Berlin), Berlin).Should().Be(day);
        day.ToString().Should().Be(text);
    }

    [Fact]
    public void A_day_ends_where_the_next_one_begins_for_the_first_time()
    {
        // On this night Havana's clocks go from one o'clock back to midnight.
        var havana = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");
        new CalendarDay(new DateOnly(2026, 10, 31)).End(havana).Should().Be(DateTimeOffset.Parse("2026-11-01T04:00:00Z"));
        new CalendarDay(new DateOnly(2026, 11, 1)).End(havana).Should().Be(DateTimeOffset.Parse("2026-11-02T05:00:00Z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("2026-2-3")]
    [InlineData("2026-02-30")]
    [InlineData("31.12.2026")]
    [InlineData(" 2026-12-31")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void Anything_else_is_no_day(string? text) => CalendarDay.TryParse(text, out _).Should().BeFalse();
}
