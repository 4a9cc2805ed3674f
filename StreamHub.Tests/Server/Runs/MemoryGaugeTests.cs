using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Runs;

/// <summary>What an app is expected to need, by what its last runs took.</summary>
public sealed class MemoryGaugeTests
{
    private static readonly AppSlug Sales = AppSlug.Parse("sales");
    private static readonly DateTimeOffset Begin = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryGauge gauge = new();

    [Fact]
    public void A_run_that_leaked_counts_for_the_next_four_and_no_more()
    {
        Measure(0, (1, 300), (1, 12_000), (1, 200));
        for (var run = 2; run <= MemoryGauge.Counted; run++)
        {
            Measure(run, (run, 400));
            gauge.Current!.Need(Sales).Should().Be(12_000);
        }

        Measure(6, (6, 350));
        gauge.Current!.Need(Sales).Should().Be(400);
    }

    [Fact]
    public void What_lives_counts_however_many_came_after_it()
    {
        Measure(0, (1, 12_000));
        Measure(1, [(1, 500), .. Enumerable.Range(2, 9).Select(run => (run, 400))]);
        gauge.Current!.Need(Sales).Should().Be(12_000);
    }

    [Fact]
    public void A_run_that_is_over_is_forgotten_after_a_day()
    {
        Measure(0, (1, 12_000));
        Measure(24 * 60 - 1);
        gauge.Current!.Need(Sales).Should().Be(12_000);
        Measure(24 * 60);
        gauge.Current!.Need(Sales).Should().Be(StreamHub.Domain.Supervision.MachineMemory.Unmeasured);
    }

    private void Measure(int minute, params (int Run, long Taken)[] runs)
    {
        foreach (var step in runs.GroupBy(run => run.Run).Any(same => same.Count() > 1) ? runs.Select(run => new[] { run }) : [runs])
        {
            gauge.Set(Begin.AddMinutes(minute), 1000, step.Select(run => (Sales, new RunId(run.Run), run.Taken)));
        }
    }
}
