using System.Runtime.Versioning;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Entries;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Linux;

namespace StreamHub.Tests.Server.Runs;

/// <summary>The memory of a run is what its end would free.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunMemoryTests
{
    private const int Held = 40;

    /// <summary>In the proportion of 300 MB that are held, 1000 that are allowed, and 8 × 300 that seem to be held.</summary>
    private const int Limit = Held * 10 / 3;

    [Fact]
    public async Task Forked_processes_share_their_memory_and_a_limit_is_for_what_they_do_not_share()
    {
        await using var hub = await FullHub.StartAsync();
        var key = await hub.AddScriptAsync("forked", "forked.py", $"{Held}");
        (await hub.Editor.SaveAppAsync(hub.Editor.Export().Apps.Single(app => app.Slug == "forked") with { MemoryHard = Limit }, "forked", FullHub.Actor, default)).Errors.Should().BeEmpty();
        var run = (await hub.RunAsync(key)).ReadyRun!;

        var shared = hub.Get<IProcessHost>().ReadTrees(hub.Supervisor.Processes)[run.Id];
        shared.Processes.Should().Be(8);
        (shared.Memory >> 20).Should().BeInRange(Held, Held * 7 / 3);

        using (var client = new HttpClient())
        {
            await client.GetStringAsync(new Uri(run.Process!.Endpoint.Origin + "/own"));
        }

        var ended = await hub.WaitForAsync(key, instance => instance.LastExit?.Run == run.Id);
        ended.LastExit!.Outcome.Should().BeOfType<ExitOutcome.Ended>().Which.Reason.Should().Be(StopReason.Memory);
    }

    [Fact]
    public void A_control_group_counts_what_ends_with_it_and_no_cache()
    {
        // Linux 6.12; the kernel's total contains slab_reclaimable.
        const string statistics = """
            anon 5357568
            file 80478208
            kernel 5939200
            kernel_stack 65536
            pagetables 126976
            sec_pagetables 4096
            percpu 960
            sock 8192
            vmalloc 16384
            shmem 1048576
            zswap 0
            file_mapped 40550400
            file_dirty 0
            inactive_anon 6291456
            active_anon 4096
            inactive_file 40239104
            active_file 39190528
            slab_reclaimable 5529600
            slab_unreclaimable 195648
            slab 5725248
            pgfault 3240

            """;
        ControlGroups.Memory(statistics).Should().Be(5357568 + 1048576 + 65536 + 126976 + 4096 + 960 + 8192 + 16384 + 195648);
    }

    [Fact]
    public void A_process_that_is_gone_holds_nothing() => (ProcMemory.Mapped(0), ProcMemory.Shares(0)).Should().Be((0, 0));
}
