using StreamHub.Domain.Apps;

namespace StreamHub.Tests.Domain.Apps;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90, "90s")]
    [InlineData("120s", 120, "2m")]
    [InlineData("30m", 1800, "30m")]
    [InlineData("2h", 7200, "2h")]
    [InlineData("24h", 86400, "1d")]
    [InlineData("1d", 86400, "1d")]
    [InlineData("365d", 365 * 86400, "365d")]
    [InlineData("31536000s", 365 * 86400, "365d")]
    [InlineData("never", 0, "never")]
    [InlineData("0", 0, "never")]
    [InlineData("0s", 0, "never")]
    public void A_duration_is_read_and_written_as_people_do(string text, int seconds, string canonical)
    {
        Duration.TryParse(text, out var duration).Should().BeTrue();
        duration.Should().Be(TimeSpan.FromSeconds(seconds));
        Duration.Format(duration).Should().Be(canonical);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData(" 5m")]
    [InlineData("5 m")]
    [InlineData("5m ")]
    [InlineData("1.5h")]
    [InlineData("5M")]
    [InlineData("5w")]
    [InlineData("366d")]
    [InlineData("31536001s")]
    [InlineData("99999999999s")]
    public void Anything_else_is_refused(string? text)
    {
        Duration.TryParse(text, out var duration).Should().BeFalse();
        duration.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Parts_of_a_second_are_written_as_the_whole_one() => Duration.Format(TimeSpan.FromMilliseconds(1500)).Should().Be("2s");

    [Fact]
    public void What_is_expected_is_said() => Duration.Expected.Should().Be("a whole number with s, m, h or d after it, or 'never'");
}
