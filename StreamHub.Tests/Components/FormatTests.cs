using System.Globalization;
using StreamHub.Domain.Access;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Http;

namespace StreamHub.Tests.Components;

/// <summary>Instants as the pages read and write them.</summary>
public sealed class FormatTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Havana = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");

    [Theory]
    [InlineData("2026-07-01T12:00", "2026-07-01T10:00:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T03:00", "2026-10-25T02:00:00Z")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30:00Z")]
    [InlineData("2026-03-29T03:30", "2026-03-29T01:30:00Z")]
    public void A_time_in_the_hour_that_a_zone_repeats_is_the_first_and_in_one_that_it_skips_as_far_after_its_beginning(string local, string instant) =>
        Format.Instant(local, Berlin).Should().Be(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2026-11-01")]
    [InlineData("2026-03-08")]
    [InlineData("2026-06-01")]
    public void Midnight_is_the_same_instant_in_a_forms_time_and_as_the_beginning_of_a_day(string day)
    {
        // Havana repeats and skips the hour after midnight.
        CalendarDay.TryParse(day, out var parsed).Should().BeTrue();
        Format.Instant($"{day}T00:00", Havana).Should().Be(parsed.Start(Havana));
    }

    [Fact]
    public void English_pages_write_dates_as_exact_instants_are_written()
    {
        var at = new DateTime(2026, 12, 1, 15, 4, 5, DateTimeKind.Unspecified);
        var english = Preferences.DefaultCulture;
        (at.ToString("g", english), at.ToString("d", english), at.ToString("t", english)).Should().Be(("2026-12-01 15:04", "2026-12-01", "15:04"));
        Format.Moment(new DateTimeOffset(at, TimeSpan.Zero), TimeZoneInfo.Utc).Should().StartWith(at.ToString("g", english));
        Preferences.Cultures.Select(culture => culture.Name).Should().BeEquivalentTo(Preferences.Languages.Select(language => language.Code));
    }
}
