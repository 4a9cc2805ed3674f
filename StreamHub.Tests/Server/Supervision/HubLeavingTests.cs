using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>What becomes of the apps when the hub ends, with real processes on a directory that outlasts it.</summary>
public sealed class HubLeavingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hub_that_comes_back_or_is_told_to_keep_its_apps_leaves_them_running_and_the_next_adopts_them(bool isRestart)
    {
        var directory = TestDirectory.Create();
        InstanceKey key;
        Run first;
        IProcessHost host;
        await using (var hub = await FullHub.StartAsync(directory, isRestart ? [] : ["Apps:KeepOnStop=true"]))
        {
            key = await hub.AddAppAsync("lives");
            first = (await hub.RunAsync(key)).ReadyRun!;
            host = hub.Get<IProcessHost>();
            if (isRestart)
            {
                hub.Get<HubExit>().Restart();
            }

            hub.Get<HubExit>().Code.Should().Be(isRestart ? HubExit.RestartCode : 0);
        }

        host.IsAlive(first.Process!.Identity).Should().BeTrue();
        await using (var next = await FullHub.StartAsync(directory))
        {
            var adopted = (await next.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running)).ReadyRun!;
            (adopted.Id, adopted.Process).Should().Be((first.Id, first.Process));
            next.Supervisor.State.Runs.Should().ContainSingle();
        }

        host.IsAlive(first.Process.Identity).Should().BeFalse("a deliberate stop takes its apps along");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_people_on_a_replaced_run_were_told_counts_with_the_next_hub()
    {
        var directory = TestDirectory.Create();
        InstanceKey key;
        RunState.Draining told;
        await using (var hub = await FullHub.StartAsync(directory, "Apps:KeepOnStop=true", "Apps:DrainTimeout=20m"))
        {
            key = await hub.AddAppAsync("lives");
            var first = (await hub.RunAsync(key)).ReadyRun!;
            hub.Supervisor.Post(new HubEvent.SessionOpened(first.Id));
            hub.Supervisor.Post(new HubEvent.RestartRequested(key, Drain: true, "new figures", "kim"));
            told = (RunState.Draining)(await hub.WaitForAsync(key, instance => instance.Runs[0].State is RunState.Draining)).Runs[0].State;
            await Eventually.TrueAsync(() => hub.Get<RunStore>().Read(first.Id)?.DrainUntil is not null);
        }

        // The second hub allows more; what was promised stays.
        await using (var next = await FullHub.StartAsync(directory, "Apps:DrainTimeout=9h"))
        {
            var state = (await next.WaitForAsync(key, instance => instance.Runs is [{ State: RunState.Draining }, _])).Runs[0].State;
            state.Should().BeOfType<RunState.Draining>().Which.Why.Should().Be("new figures");
            ((RunState.Draining)state).Deadline.Should().BeCloseTo(told.Deadline, TimeSpan.FromSeconds(1));
        }

        Directory.Delete(directory, recursive: true);
    }
}
