using System.Diagnostics;
using System.Runtime.Versioning;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>A few fault schedules and kills with seeds that nobody has tried; the verbs of <see cref="FaultCommand"/> play more.</summary>
[Collection(EndToEndCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Schedules = 10;
    private const int AtOnce = 2;
    private const int Kills = 4;

    [Fact]
    public async Task Whatever_breaks_the_hub_keeps_its_promises()
    {
        foreach (var line in FaultCatalog.LeftOut)
        {
            output.WriteLine($"Left out: {line}");
        }

        var first = FaultCommand.NewSeed();
        await Parallel.ForAsync(0, Schedules, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var watch = Stopwatch.StartNew();
            output.WriteLine($"Seed {first + number}: {await FaultSchedule.RunAsync(first + number)}: passed in {watch.Elapsed.TotalSeconds:F1} s");
        });
    }

    [Fact]
    public async Task A_hub_that_is_killed_while_an_app_starts_leaves_no_orphan_and_starts_no_second_one()
    {
        var seed = FaultCommand.NewSeed();
        var states = await KillRounds.RunAsync(seed, Kills);
        output.WriteLine($"Seed {seed}: the run was {string.Join(", ", states.Select(state => $"{state.Key} {state.Value} times"))}");
        states.Values.Sum().Should().Be(Kills);
    }
}
