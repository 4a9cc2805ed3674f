using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;
using StreamHub.Server.Telemetry;

namespace StreamHub.Tests.Server.Runs;

/// <summary>Readings of a machine that does not tell everything.</summary>
public sealed class SamplerTests
{
    [Fact]
    public async Task A_machine_that_cannot_be_read_ends_nothing_and_is_read_again()
    {
        await using var hub = await FullHub.StartAsync();
        var (real, reads) = (hub.Get<IProcessHost>(), 0);
        var host = new FailingHost(real) { Reading = () => ++reads < 3 ? throw new KeyNotFoundException("MemAvailable") : real.ReadHost() };
        var feed = new LiveFeed();
        using var sampler = new Sampler(
            hub.Supervisor, hub.Get<RunUses>(), host, hub.Get<RunReadings>(), hub.Get<RunReports>(), hub.Get<StartFaults>(), new MemoryGauge(), feed, hub.Get<SteadyClock>(), NullLogger<Sampler>.Instance);
        await sampler.StartAsync(CancellationToken.None);

        await foreach (var snapshot in feed.Subscribe(TestContext.Current.CancellationToken))
        {
            snapshot.Host.MemoryTotal.Should().BePositive();
            break;
        }

        sampler.ExecuteTask!.IsCompleted.Should().BeFalse();
        await sampler.StopAsync(CancellationToken.None);
    }
}
