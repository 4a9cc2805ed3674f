using System.Collections.Concurrent;
using System.Diagnostics;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Instances;

/// <summary>Many starts at once, of real processes.</summary>
[Collection(FloodsCollection.Name)]
public sealed class ColdStartTests
{
    private const int Apps = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_hundred_apps_that_are_wanted_in_one_moment_start_a_few_at_a_time_and_none_fails()
    {
        // Beside the ports of other hubs, and below those that the system gives to anybody.
        var firstPort = 30500 + (Environment.ProcessId % 14 * 160);
        await using var hub = await FullHub.StartAsync(null, "Apps:MaxRunning=120", $"Apps:Ports={firstPort}-{firstPort + 159}", "Apps:MemoryReserve=0");
        var keys = new List<InstanceKey>();
        for (var i = 1; i <= Apps; i++)
        {
            keys.Add(await hub.AddAppAsync($"app-{i}"));
        }

        var (most, exits) = (0, new ConcurrentBag<RunExit>());
        hub.Supervisor.Moved += transition =>
        {
            most = Math.Max(most, hub.Supervisor.State.Runs.Count(owned => owned.Run.State is RunState.Starting));
            if (transition.Exit is { } exit)
            {
                exits.Add(exit);
            }
        };
        var watch = Stopwatch.StartNew();
        Parallel.ForEach(keys, key => hub.Supervisor.Post(new HubEvent.Requested(key)));
        using var patience = new CancellationTokenSource(Patience);
        var state = await hub.Supervisor.WaitForAsync(
            state => keys.TrueForAll(key => state.Find(key)!.Status is not (InstanceStatus.Stopped or InstanceStatus.Queued or InstanceStatus.Starting)), patience.Token);

        TestContext.Current.SendDiagnosticMessage($"{Apps} cold starts: {watch.Elapsed.TotalSeconds:F1} s, {most} at once");
        state.Instances.Values.Where(instance => keys.Contains(instance.Key)).Should().HaveCount(Apps).And.OnlyContain(instance => instance.Status == InstanceStatus.Running);
        exits.Should().BeEmpty();
        most.Should().BeInRange(1, hub.Get<HubSettings>().Limits.MaxStarting);
        hub.Get<HubSettings>().Limits.MaxStarting.Should().Be(Math.Max(2, Environment.ProcessorCount));
        using var client = new HttpClient();
        foreach (var run in state.Runs.Select(owned => owned.Run))
        {
            (await client.GetStringAsync(new Uri(run.Process!.Endpoint.Origin))).Should().Be($"ok {run.Process.Identity.Pid}");
        }
    }
}
