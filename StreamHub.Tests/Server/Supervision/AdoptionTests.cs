using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.History;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>What a hub makes of the processes that an earlier one left, on a directory that this test keeps.</summary>
[SupportedOSPlatform("linux")]
public sealed class AdoptionTests : IDisposable
{
    private readonly string directory = TestDirectory.Create();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_recorded_process_that_does_not_carry_the_mark_is_not_adopted()
    {
        var (key, run, host) = await LeaveAsync();
        await Tool.SignalAsync(run.Process!.Identity.Pid, "KILL");
        using var stranger = Process.Start("setsid", ["sleep", "600"]);
        var file = Path.Combine(directory, "runs", run.Id.ToString(), "run.json");
        var record = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        (record["pid"], record["startTime"]) = (stranger.Id, ProcStat.Read(stranger.Id)!.Value.StartTime);
        await File.WriteAllTextAsync(file, record.ToJsonString());
        host.IsAlive(new ProcessIdentity(stranger.Id, ProcStat.Read(stranger.Id)!.Value.StartTime, run.Process.Identity.BootId)).Should().BeTrue();
        try
        {
            await using var next = await FullHub.StartAsync(directory);

            (await next.RunAsync(key)).ReadyRun!.Id.Should().NotBe(run.Id);

            // What cannot be proven is ended, so that nothing runs beside it.
            await stranger.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(FullHub.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!stranger.HasExited)
            {
                await Tool.SignalAsync(stranger.Id, "KILL");
            }
        }
    }

    [Fact]
    public async Task The_end_of_a_run_that_no_hub_saw_is_told_once_and_leaves_a_capsule()
    {
        var (key, run, host) = await LeaveAsync();
        await Tool.SignalAsync(run.Process!.Identity.Pid, "KILL");
        await host.WaitForExitAsync(run.Process.Identity, TestContext.Current.CancellationToken);

        await using (var next = await FullHub.StartAsync(directory))
        {
            var told = await next.ReadHistoryAsync(async log => await EndsAsync(log) is [_, ..] found ? found : null);
            told.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Run = run.Id.Value, From = nameof(InstanceStatus.Running), To = nameof(InstanceStatus.Stopped), Cause = nameof(TransitionCause.HubStart) });
            var crash = await next.ReadHistoryAsync(log => Task.FromResult(log.Crashes(key.App) is [var found, ..] ? found : null));
            (crash.Run, crash.Meaning).Should().Be((run.Id.Value, ExitMeaning.Unknown));
            crash.Log.Should().Contain("started with");
        }

        await using var last = await FullHub.StartAsync(directory);
        await last.RunAsync(key);
        (await last.ReadHistoryAsync(async log => (await log.PageAsync(key.App, null, 50, default)).Entries is [{ To: nameof(InstanceStatus.Running) }, ..] ? await EndsAsync(log) : null))
            .Should().ContainSingle();

        async Task<IReadOnlyList<object>> EndsAsync(HistoryLog log) =>
            [.. (await log.PageAsync(key.App, null, 50, default)).Entries.Where(entry => entry.Reason == nameof(ExitOutcome.Vanished))];
    }

    [Fact]
    public async Task An_end_that_a_hub_saw_is_not_told_by_the_next()
    {
        var key = default(InstanceKey);
        await using (var hub = await FullHub.StartAsync(directory))
        {
            key = await hub.AddAppAsync("seen");
            await hub.RunAsync(key);
        }

        await using var next = await FullHub.StartAsync(directory);
        await next.RunAsync(key!);
        var entries = await next.ReadHistoryAsync(async log => (await log.PageAsync(key!.App, null, 50, default)).Entries is [{ To: nameof(InstanceStatus.Running) }, ..] found ? found : null);
        entries.Should().NotContain(entry => entry.Reason == nameof(ExitOutcome.Vanished));
    }

    private async Task<(InstanceKey Key, Run Run, IProcessHost Host)> LeaveAsync()
    {
        await using var hub = await FullHub.StartAsync(directory, "Apps:KeepOnStop=true");
        var key = await hub.AddAppAsync("left");
        return (key, (await hub.RunAsync(key)).ReadyRun!, hub.Get<IProcessHost>());
    }
}
