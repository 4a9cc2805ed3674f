using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;

namespace StreamHub.Tests.Server.Instances;

/// <summary>When a run will have taken all the memory that it may, told from what was read each second.</summary>
public sealed class RunVitalsTests
{
    private const long Mebibyte = 1L << 20;

    private static readonly RunId Run = new(1);

    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(180, 1.0, 100)] // From the seconds, once the start is out of sight.
    [InlineData(179, 1.0, null)]
    [InlineData(1800, 0.1, 1000)] // From every tenth reading of half an hour.
    [InlineData(1800, 0.0, null)]
    public void Full_is_told_from_steady_growth(int seconds, double mebibytesPerSecond, int? fullIn)
    {
        var vitals = new RunReadings(new SteadyClock(time));
        for (var second = 1; second <= seconds; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            vitals.Add(Run, (long)((200 + (mebibytesPerSecond * second)) * Mebibyte), sessions: 1, computes: false);
        }

        var limit = (long)((200 + (mebibytesPerSecond * seconds) + 100) * Mebibyte);
        var full = vitals.Full(Run, limit);

        (full is null).Should().Be(fullIn is null);
        (full - time.GetUtcNow() ?? TimeSpan.Zero).TotalSeconds.Should().BeApproximately(fullIn ?? 0, 0.1 * (fullIn ?? 0));
        vitals.Full(new RunId(2), limit).Should().BeNull();
    }

    [Fact]
    public void A_run_computes_by_its_latest_reading_and_where_there_is_none()
    {
        var vitals = new RunReadings(new SteadyClock(time));
        vitals.IsComputing(Run).Should().BeTrue("what is not known to be idle is not ended");
        vitals.Add(Run, 200 * Mebibyte, sessions: 1, computes: true);
        vitals.IsComputing(Run).Should().BeTrue();
        vitals.Add(Run, 200 * Mebibyte, sessions: 1, computes: false);
        vitals.IsComputing(Run).Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(6));
        vitals.IsComputing(Run).Should().BeTrue();
    }

    [Fact]
    public void A_tree_that_has_ended_says_nothing_of_what_it_took()
    {
        var vitals = new RunReadings(new SteadyClock(time));
        vitals.Add(Run, 200 * Mebibyte, sessions: 3, computes: false);
        vitals.Add(Run, 0, sessions: 0, computes: false);
        vitals.Take(Run).Should().BeEquivalentTo((new[] { 200 * Mebibyte }, 3));
    }
}
