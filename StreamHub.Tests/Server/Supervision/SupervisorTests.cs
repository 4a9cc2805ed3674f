using System.Diagnostics;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>The supervisor with real child processes.</summary>
public sealed class SupervisorTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private readonly FullHub hub = shared.Hub;

    [Fact]
    public async Task A_visit_starts_an_app_that_answers_on_its_own_loopback_port()
    {
        var key = await hub.AddAppAsync("plain");

        var instance = await hub.RunAsync(key);

        using var client = new HttpClient();
        var answer = await client.GetStringAsync(new Uri(instance.ReadyRun!.Process!.Endpoint.Origin));
        answer.Should().Be($"ok {instance.ReadyRun.Process.Identity.Pid}");
    }

    [Fact]
    public async Task A_hundred_visits_cause_one_start()
    {
        var key = await hub.AddAppAsync("slow", "slow");
        var next = hub.Supervisor.State.NextRun;

        await Parallel.ForAsync(0, 100, (_, _) =>
        {
            hub.Supervisor.Post(new HubEvent.Requested(key));
            return ValueTask.CompletedTask;
        });
        var instance = await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running);

        instance.ReadyRun!.Id.Should().Be(next);
        hub.Supervisor.State.NextRun.Should().Be(new RunId(next.Value + 1));
    }

    [Fact]
    public async Task An_app_that_crashes_at_once_is_quarantined_with_its_error_line()
    {
        var key = new InstanceKey(AppSlug.Parse("crash"));

        // No interpreter: on a busy machine a Python takes longer to start than a quick exit may.
        var entry = new AppEntry { Slug = "crash", Name = "crash", Runtime = "command", Command = ["sh", "-c", "echo 'ValueError: it crashes at once' >&2; exit 1", "{port}"] };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        hub.Supervisor.Post(new HubEvent.Requested(key));
        var instance = await hub.WaitForAsync(key, instance => instance.Waiting is Waiting.Quarantined);

        instance.Waiting.Should().BeOfType<Waiting.Quarantined>().Which.Reason.Should().Be(QuarantineReason.ConfigurationError);
        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Exited(1));
        instance.LastExit.ErrorLine.Should().Be("ValueError: it crashes at once");
    }

    [Fact]
    public async Task A_killed_app_comes_back_after_a_pause()
    {
        var key = await hub.AddAppAsync("killed");
        var first = (await hub.RunAsync(key)).ReadyRun!;

        using (var process = Process.Start("kill", ["-9", $"{first.Process!.Identity.Pid}"]))
        {
            await process.WaitForExitAsync();
        }

        var instance = await hub.WaitForAsync(key, instance => instance.ReadyRun is { } run && run.Id != first.Id);
        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Signalled(9));
        instance.Restarts.Should().Be(1);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_told_and_nobody_else_is_ended_for_it()
    {
        var entry = new AppEntry { Slug = "typo", Name = "typo", Runtime = "command", Command = ["no-such-program", "{port}"] };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var other = await hub.RunAsync(await hub.AddAppAsync("other"));

        var key = new InstanceKey(AppSlug.Parse("typo"));
        hub.Supervisor.Post(new HubEvent.Requested(key));
        var instance = await hub.WaitForAsync(key, instance => instance.Waiting is Waiting.Quarantined);

        instance.LastExit!.Outcome.Message.Should().Contain("There is no program 'no-such-program'");
        hub.Get<IProcessHost>().IsAlive(other.ReadyRun!.Process!.Identity).Should().BeTrue();
    }

    [Fact]
    public async Task An_app_that_computes_is_in_use_although_nobody_is_there()
    {
        await using var ownHub = await FullHub.StartAsync();
        var key = await ownHub.AddAppAsync("busy", "compute");
        await ownHub.RunAsync(key);

        // Told of what the sampler saw: it becomes ready only once.
        var instance = await ownHub.WaitForAsync(key, instance => instance.ReadyRun is { State: RunState.Ready ready } run && run.LastUsed > ready.Since);

        (instance.ReadyRun!.Sessions, instance.ReadyRun.LastActed).Should().Be((0, (DateTimeOffset?)null));
    }

    [Fact]
    public async Task An_app_that_never_listens_is_killed_when_its_start_time_is_over()
    {
        await using var ownHub = await FullHub.StartAsync(null, "Apps:StartTimeout=1s");
        var key = await ownHub.AddAppAsync("hang", "hang");

        ownHub.Supervisor.Post(new HubEvent.Requested(key));
        var instance = await ownHub.WaitForAsync(key, instance => instance.LastExit is not null);

        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.StartTimeout, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task An_app_that_ignores_terminate_is_killed_when_its_grace_is_over()
    {
        await using var ownHub = await FullHub.StartAsync(null, "Apps:StopGrace=1s");
        var key = await ownHub.AddAppAsync("stubborn", "ignore-terminate");
        var run = (await ownHub.RunAsync(key)).ReadyRun!;

        await ownHub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        var instance = await ownHub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);

        instance.LastExit!.Outcome.Should().Be(new ExitOutcome.Ended(StopReason.Stopped));
        ownHub.Get<IProcessHost>().IsAlive(run.Process!.Identity).Should().BeFalse();
    }

    [Fact]
    public async Task Nothing_of_an_app_that_forks_daemons_is_left_after_a_stop()
    {
        await using var ownHub = await FullHub.StartAsync();
        var key = await ownHub.AddAppAsync("forks", "grandchild");
        await ownHub.RunAsync(key);
        var host = ownHub.Get<IProcessHost>();
        var id = ownHub.Get<RunStore>().HubId;
        host.FindMarked(id).Count.Should().BeGreaterThanOrEqualTo(4);

        await ownHub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        await ownHub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Held);

        host.FindMarked(id).Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_that_other_machines_could_reach_never_takes_visitors()
    {
        // Of its own, for it is tried again while the next test counts the starts.
        await using var ownHub = await FullHub.StartAsync();
        var key = await ownHub.AddAppAsync("exposed", "exposed");

        ownHub.Supervisor.Post(new HubEvent.Requested(key));
        var instance = await ownHub.WaitForAsync(key, instance => instance.LastExit is not null);

        instance.ReadyRun.Should().BeNull();
        instance.LastExit!.ErrorLine.Should().Contain("must listen on 127.0.0.1 only");
    }

    [Fact]
    public async Task A_held_app_is_not_started_by_visits_but_by_an_admin()
    {
        var key = await hub.AddAppAsync("held");
        await hub.Control.StopAsync(key, FullHub.Actor, CancellationToken.None);
        var next = hub.Supervisor.State.NextRun;

        hub.Supervisor.Post(new HubEvent.Requested(key));
        hub.Supervisor.Post(HubEvent.Tick.Instance);
        (await hub.Control.StartAsync(key, FullHub.Actor, CancellationToken.None)).Succeeded.Should().BeTrue();
        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running);

        hub.Supervisor.State.NextRun.Should().Be(new RunId(next.Value + 1));
    }

    [Fact]
    public async Task No_process_is_left_after_a_normal_stop_of_the_hub()
    {
        var directory = TestDirectory.Create();
        IProcessHost host;
        string id;
        await using (var ownHub = await FullHub.StartAsync(directory))
        {
            await ownHub.RunAsync(await ownHub.AddAppAsync("one", "grandchild"));
            await ownHub.RunAsync(await ownHub.AddAppAsync("two", "ignore-terminate"));
            host = ownHub.Get<IProcessHost>();
            id = ownHub.Get<RunStore>().HubId;
            host.FindMarked(id).Should().NotBeEmpty();
        }

        host.FindMarked(id).Should().BeEmpty();
        Directory.Delete(directory, recursive: true);
    }
}
