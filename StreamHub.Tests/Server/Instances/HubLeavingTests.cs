using StreamHub.Domain.Instances;
using StreamHub.Server.Hosting;
using StreamHub.Server.Instances.Processes;

namespace StreamHub.Tests.Server.Instances;

/// <summary>What becomes of the apps when the hub ends, with real processes on a directory that outlasts it.</summary>
public sealed class HubLeavingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hub_that_comes_back_or_is_told_to_keep_its_apps_leaves_them_running_and_the_next_adopts_them(bool isRestart)
    {
        var directory = Directory.CreateTempSubdirectory("streamhub-test-").FullName;
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
}
