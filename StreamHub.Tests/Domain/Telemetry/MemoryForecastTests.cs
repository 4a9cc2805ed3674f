using StreamHub.Domain.Telemetry;

namespace StreamHub.Tests.Domain.Telemetry;

/// <summary>When a run that grows will be full: said of what grows steadily, and of nothing else. The limit is 1,000 MiB, a reading comes every 10 s.</summary>
public sealed class MemoryForecastTests
{
    private const double Mebibyte = 1L << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Now = new(2030, 1, 7, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_is_followed_to_the_limit() =>
        Full(60, at => 105 + (5 * at)).Should().BeCloseTo(Now.AddSeconds(600 / 5 * 10), TimeSpan.FromSeconds(1), "400 MiB at the last reading, 5 more with each");

    [Fact]
    public void Noise_on_the_line_changes_little()
    {
        var dice = new Random(1);
        Full(120, at => 100 + (4 * at) + (dice.NextDouble() * 40)).Should().BeCloseTo(Now.AddSeconds(404 / 4 * 10), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Noise_alone_is_no_growth()
    {
        var dice = new Random(1);
        Full(120, _ => 300 + (dice.NextDouble() * 40)).Should().BeNull();
    }

    [Fact]
    public void A_step_is_no_growth() => Full(120, at => at < 60 ? 100 : 500).Should().BeNull("it took what it needed, and stays there");

    [Fact]
    public void A_wave_is_no_growth() => Full(120, at => 500 + (200 * Math.Sin(at / 8.0))).Should().BeNull("garbage is collected");

    [Fact]
    public void What_shrinks_is_never_full() => Full(60, at => 900 - (5 * at)).Should().BeNull();

    [Fact]
    public void What_stays_the_same_is_never_full() => Full(60, _ => 500).Should().BeNull();

    [Theory]
    [InlineData(4.1, true)]
    [InlineData(3.9, false)]
    public void A_growth_that_is_hardly_one_is_not_told(double grown, bool isTold) =>
        Full(60, at => 900 + (at * grown / 60)).HasValue.Should().Be(isTold, "below 4 MiB over all readings it is noise");

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public void A_few_readings_say_nothing(int count, bool isTold) => Full(count, at => 100 + (5 * at)).HasValue.Should().Be(isTold);

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    [InlineData(1001, false)]
    public void What_is_full_already_is_not_told_to_become_so(double last, bool isTold) =>
        Full(60, at => last - (5 * (59 - at))).HasValue.Should().Be(isTold);

    [Theory]
    [InlineData(24, true)]
    [InlineData(24.01, false)]
    public void What_lies_further_ahead_than_a_day_is_not_told(double hours, bool isTold)
    {
        var slope = 500 / (hours * 360);
        Full(400, at => 500 - (slope * (399 - at))).HasValue.Should().Be(isTold);
    }

    private static DateTimeOffset? Full(int count, Func<int, double> mebibytes) =>
        MemoryForecast.Full([.. Enumerable.Range(0, count).Select(at => (long)(mebibytes(at) * Mebibyte))], Interval, (long)(1000 * Mebibyte), Now);
}
