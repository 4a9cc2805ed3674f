using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;

namespace StreamHub.Tests.Server.Runs;

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
    public void Whether_a_run_computes_is_told_by_a_reading_that_is_new_enough()
    {
        var vitals = new RunReadings(new SteadyClock(time));
        var asked = time.GetUtcNow();
        vitals.Computes(Run, asked).Should().BeNull();
        foreach (var computes in (bool[])[true, false])
        {
            time.Advance(TimeSpan.FromSeconds(1));
            vitals.Add(Run, 200 * Mebibyte, sessions: 1, computes);
            vitals.Computes(Run, asked).Should().Be(computes);
            vitals.Computes(Run, time.GetUtcNow()).Should().BeNull();
        }
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
