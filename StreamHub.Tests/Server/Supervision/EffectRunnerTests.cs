using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Whatever the machine refuses: each launch, and whatever was launched, ends in its event.</summary>
public sealed class EffectRunnerTests
{
    private static readonly RunId Run = new(77);

    [Fact]
    public async Task A_refused_run_whose_output_takes_no_more_lines_is_ended_all_the_same()
    {
        // A run that is kept to itself could not get to its own log.
        await using var hub = await FullHub.StartAsync(null, "Apps:Isolation=False");
        var script = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "server.py");
        var entry = new AppEntry { Slug = "full", Name = "full", Runtime = "command", Command = ["sh", "-c", $"cd {hub.Directory}/runs/${{STREAMHUB_RUN##*-}}; rm output.log; mkdir output.log; exec python3 {script} {{port}} exposed"] };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var key = new InstanceKey(AppSlug.Parse("full"));

        hub.Supervisor.Post(new HubEvent.Requested(key));
        var instance = await hub.WaitForAsync(key, instance => instance.LastExit is not null);

        instance.LastExit!.Outcome.Should().BeOfType<ExitOutcome.Refused>().Which.Why.Should().Contain("must listen on 127.0.0.1 only");
    }

    [Fact]
    public async Task A_process_that_cannot_be_watched_when_it_has_started_is_ended_and_the_launch_has_failed()
    {
        await using var hub = await FullHub.StartAsync();

        var failed = (HubEvent.LaunchFailed)await LaunchAsync(hub, new FailingHost(hub.Get<IProcessHost>()) { AfterStart = () => throw new InvalidOperationException("no thread") }, "sleep", "600");

        failed.Should().Be(new HubEvent.LaunchFailed(Run, "no thread"));
        hub.Get<IProcessHost>().FindMarked(hub.Get<RunStore>().HubId).Should().BeEmpty();
    }

    [Fact]
    public async Task Of_a_process_that_was_started_but_could_not_be_recorded_nothing_is_kept()
    {
        await using var hub = await FullHub.StartAsync();
        var folder = hub.Get<RunStore>().DirectoryOf(Run);
        var host = new FailingHost(hub.Get<IProcessHost>())
        {
            AfterStart = () =>
            {
                Directory.Delete(folder, recursive: true);
                File.WriteAllText(folder, "");
            },
        };

        (await LaunchAsync(hub, host, "sleep", "600")).Should().BeOfType<HubEvent.LaunchFailed>();

        (await hub.Get<IProcessHost>().WaitForExitAsync(host.Started!, CancellationToken.None)).Should().BeOfType<ExitOutcome.Vanished>("its outcome was taken");
    }

    [Fact]
    public async Task A_run_whose_remains_cannot_be_looked_for_is_over_when_its_process_is()
    {
        await using var hub = await FullHub.StartAsync();
        var host = new FailingHost(hub.Get<IProcessHost>()) { Kill = _ => throw new IOException("too many open files") };

        var exited = (HubEvent.Exited)await FollowAsync(hub, host, "sh", "-c", "exit 3");

        exited.Should().Be(new HubEvent.Exited(Run, new ExitOutcome.Exited(3)));
        hub.Get<RunStore>().Read(Run)!.IsOver.Should().BeTrue();
    }

    [Fact]
    public async Task An_end_that_cannot_be_waited_for_is_waited_for_again()
    {
        await using var hub = await FullHub.StartAsync();
        var tries = 0;
        var host = new FailingHost(hub.Get<IProcessHost>()) { BeforeWait = () => _ = ++tries == 1 ? throw new InvalidOperationException("no thread") : tries };

        var exited = (HubEvent.Exited)await FollowAsync(hub, host, "sh", "-c", "exit 3");

        (exited.Outcome, tries).Should().Be((new ExitOutcome.Exited(3), 2));
    }

    [Fact]
    public async Task A_hub_without_a_free_port_tries_again_and_blames_nobody()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var hub = await FullHub.StartAsync(null, $"Apps:Ports={port}-{port}");
        var key = await hub.AddAppAsync("sales");

        hub.Supervisor.Post(new HubEvent.Requested(key));
        await hub.WaitForAsync(key, instance => instance.Failures.Length >= 2 && instance.Waiting is Waiting.Backoff);
        taken.Stop();

        await hub.WaitForAsync(key, instance => instance.Status == InstanceStatus.Running);
    }

    [Fact]
    public async Task A_key_that_could_not_be_had_once_is_had_the_next_time()
    {
        await using var hub = await FullHub.StartAsync();
        var secrets = hub.Get<RunSecrets>();
        var obstacle = Directory.CreateDirectory(Path.Combine(hub.Directory, "app-key"));
        FluentActions.Invoking(() => secrets.CookieSecret(AppSlug.Parse("sales"))).Should().Throw<UnauthorizedAccessException>();

        obstacle.Delete();

        secrets.CookieSecret(AppSlug.Parse("sales")).Should().HaveLength(64).And.Be(new RunSecrets(hub.Get<HubSettings>()).CookieSecret(AppSlug.Parse("sales")));
    }

    private static async Task<HubEvent> FollowAsync(FullHub hub, FailingHost host, params string[] command)
    {
        var (runner, app, posted) = Prepare(hub, host, command);
        runner.Run(new HubEffect.Launch(Run, new InstanceKey(app.Slug), app), @event => posted.Writer.TryWrite(@event));
        var launched = (HubEvent.Launched)await NextAsync(posted);
        runner.Run(new HubEffect.Probe(Run, launched.Process, app, VisitUntil: null), @event => posted.Writer.TryWrite(@event));
        return await NextAsync(posted);
    }

    private static Task<HubEvent> LaunchAsync(FullHub hub, FailingHost host, params string[] command)
    {
        var (runner, app, posted) = Prepare(hub, host, command);
        runner.Run(new HubEffect.Launch(Run, new InstanceKey(app.Slug), app), @event => posted.Writer.TryWrite(@event));
        return NextAsync(posted);
    }

    private static (EffectRunner Runner, App App, Channel<HubEvent> Posted) Prepare(FullHub hub, FailingHost host, string[] command)
    {
        var (runs, clock, lifetime) = (hub.Get<RunStore>(), hub.Get<SteadyClock>(), hub.Get<IHostApplicationLifetime>());
        var ending = new RunEnding(host, runs, clock, lifetime, NullLogger<RunEnding>.Instance);
        var runner = new EffectRunner(
            host, runs, hub.Get<RunOutput>(), hub.Get<StartFaults>(), hub.Get<PortPool>(), hub.Get<LaunchPlanner>(), hub.Get<RuntimeAdapters>(), hub.Get<RunSecrets>(), hub.Get<ReadinessProbe>(), ending, clock, lifetime, NullLogger<EffectRunner>.Instance);
        return (runner, new App(AppSlug.Parse("sales"), "Sales", new AppRuntime.Command([.. command], null)), Channel.CreateUnbounded<HubEvent>());
    }

    private static async Task<HubEvent> NextAsync(Channel<HubEvent> posted)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        return await posted.Reader.ReadAsync(patience.Token);
    }
}
