using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>Every fault once, by fixed seeds; the command of <see cref="FaultCommand"/> plays more, by new ones.</summary>
[SupportedOSPlatform("linux")]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Seed = 13;
    private const int Schedules = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_breaks_the_hub_keeps_its_promises(int schedule)
    {
        foreach (var line in FaultCatalog.LeftOut)
        {
            output.WriteLine($"Left out: {line}");
        }

        output.WriteLine(await FaultSchedule.RunAsync(Seed + schedule, FaultCatalog.Deal(Seed, Schedules)[schedule]));
    }
}
