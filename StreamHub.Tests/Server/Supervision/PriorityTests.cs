using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Who makes room, with real processes.</summary>
public sealed class PriorityTests
{
    [Fact]
    public async Task Of_two_unused_apps_the_one_of_low_priority_makes_room_although_it_was_used_last()
    {
        var grace = TimeSpan.FromSeconds(1);
        await using var hub = await FullHub.StartVariantAsync(
            new HubVariant(settings => settings with { Limits = settings.Limits with { ReconnectGrace = grace } }), null, "Apps:MaxRunning=2", "Apps:MemoryReserve=0");
        var (high, low, wanted) = (await AddAsync(hub, "high", "high"), await AddAsync(hub, "low", "low"), await AddAsync(hub, "wanted", "normal"));
        var kept = (await hub.RunAsync(high)).ReadyRun!;
        await hub.RunAsync(low);

        // Both may make room from now on.
        var clock = hub.Get<SteadyClock>();
        await Eventually.TrueAsync(() => clock.Now - hub.Supervisor.State.Find(low)!.ReadyRun!.LastUsed >= grace);
        await hub.RunAsync(wanted);

        hub.Supervisor.State.Find(low)!.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.MadeRoom));
        hub.Supervisor.State.Find(high)!.ReadyRun!.Id.Should().Be(kept.Id);
    }

    private static async Task<InstanceKey> AddAsync(FullHub hub, string slug, string priority)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "server.py");
        var entry = new AppEntry { Slug = slug, Name = slug, Runtime = "command", Command = ["python3", script, "{port}"], Priority = priority };
        (await hub.Editor.SaveAppAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse(slug));
    }
}
