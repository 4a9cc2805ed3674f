using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>A few kills by a fixed seed; the command of <see cref="FaultCommand"/> plays more, by new ones.</summary>
[SupportedOSPlatform("linux")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Seed = 13;
    private const int Kills = 2;

    [Fact]
    public async Task A_hub_that_is_killed_while_an_app_starts_leaves_no_orphan_and_starts_no_second_one()
    {
        var states = await KillRounds.RunAsync(Seed, Kills);
        output.WriteLine($"Seed {Seed}: the run was {string.Join(", ", states.Select(state => $"{state.Key} {state.Value} times"))}");
        states.Values.Sum().Should().Be(Kills);
    }
}
