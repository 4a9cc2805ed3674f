using System.Collections.Concurrent;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Many starts at once, of real processes.</summary>
public sealed class ColdStartTests
{
    private const int Apps = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Many_apps_that_are_wanted_in_one_moment_start_a_few_at_a_time_and_none_fails()
    {
        await using var hub = await FullHub.StartAsync(null, "Apps:MemoryReserve=0");
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
        Parallel.ForEach(keys, key => hub.Supervisor.Post(new HubEvent.Requested(key)));
        using var patience = new CancellationTokenSource(Patience);
        var state = await hub.Supervisor.WaitForAsync(
            state => keys.TrueForAll(key => state.Find(key) is { Status: not (InstanceStatus.Stopped or InstanceStatus.Queued or InstanceStatus.Starting) }), patience.Token);

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
