using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Who waits for room when a hub ends, on a directory that outlasts it.</summary>
public sealed class LineStoreTests
{
    [Fact]
    public async Task Who_waits_when_the_hub_ends_waits_in_the_same_order_with_the_next()
    {
        var directory = TestDirectory.Create();
        InstanceKey[] line;
        await using (var hub = await FullHub.StartAsync(directory, "Apps:MaxRunning=1"))
        {
            await hub.RunAsync(await hub.AddAppAsync("first"));
            hub.Supervisor.Post(new HubEvent.SessionOpened(new RunId(1)));
            line = [await hub.AddAppAsync("zebra"), await hub.AddAppAsync("aardvark")];
            Array.ForEach(line, key => hub.Supervisor.Post(new HubEvent.Requested(key)));
            await Eventually.TrueAsync(() => hub.Get<LineStore>().Read().SequenceEqual(line));
        }

        await using (var next = await FullHub.StartAsync(directory, "Apps:MaxRunning=1"))
        {
            var second = (await next.WaitForAsync(line[0], instance => instance.Status == InstanceStatus.Running)).ReadyRun!;
            next.Supervisor.State.Find(line[1])!.Status.Should().Be(InstanceStatus.Queued);
            next.Supervisor.Post(new HubEvent.StopRequested(line[0], new Hold("kim")));
            (await next.WaitForAsync(line[1], instance => instance.Status == InstanceStatus.Running)).ReadyRun!.Id.CompareTo(second.Id).Should().BePositive();
            await Eventually.TrueAsync(() => next.Get<LineStore>().Read().IsEmpty);
        }

        Directory.Delete(directory, recursive: true);
    }
}
