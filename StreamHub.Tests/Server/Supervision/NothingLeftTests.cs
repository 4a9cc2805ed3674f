using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Supervision;

/// <summary>Whatever an app does, nothing of it is left after a stop: with control groups, and without as far as that goes.</summary>
[SupportedOSPlatform("linux")]
public sealed class NothingLeftTests
{
    private const int BombSize = 200;

    [Theory]
    [InlineData("ignore-terminate", true, 1)]
    [InlineData("ignore-terminate", false, 1)]
    [InlineData("fork", true, 2)]
    [InlineData("fork", false, 2)]
    [InlineData("daemon", true, 2)]
    [InlineData("wait", true, 2)]
    [InlineData("wait", false, 2)]
    public async Task A_stop_ends_every_process_of_an_app(string habit, bool groups, int processes)
    {
        await using var app = await FugitiveApp.StartAsync(habit, groups);
        await app.Pipe.ReadAsync(processes, FullHub.Patience);
        var host = app.Hub.Get<IProcessHost>();
        if (habit == "wait")
        {
            // Seen while it still descends from the app, and let go then: it is init's child, with no mark and a session of its own.
            host.ReadTrees(app.Hub.Supervisor.Processes).Values.Should().ContainSingle().Which.Processes.Should().Be(3);
            await app.AskAsync("/release");
        }

        if (habit != "ignore-terminate")
        {
            host.ReadTrees(app.Hub.Supervisor.Processes).Values.Should().ContainSingle().Which.Processes.Should().Be(2);
        }

        await app.StopAsync();

        await app.Pipe.ReadToEndAsync(FullHub.Patience);
        app.Groups().Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fork_bomb_is_ended_to_the_last_process_and_the_hub_answers_meanwhile(bool groups)
    {
        await using var app = await FugitiveApp.StartAsync("bomb", groups);
        await app.Pipe.ReadAsync(1, FullHub.Patience);
        using var over = new CancellationTokenSource();
        var answers = Task.Run(async () =>
        {
            using var anybody = new PersonaClient("127.0.0.9");
            var statuses = new List<HttpStatusCode>();
            while (!over.IsCancellationRequested)
            {
                statuses.Add(await DemoVisit.StatusAsync(anybody, new Uri(app.Hub.Users, "/healthz").ToString()));
            }

            return statuses;
        });

        await app.AskAsync("/run-away");
        await app.Pipe.ReadAsync(BombSize, FullHub.Patience);
        await app.StopAsync();

        await app.Pipe.ReadToEndAsync(FullHub.Patience);
        await over.CancelAsync();
        (await answers).Should().NotBeEmpty().And.AllBeEquivalentTo(HttpStatusCode.OK);
        app.Groups().Should().BeEmpty();
    }

    [Fact]
    public async Task What_forks_faster_than_anybody_looks_is_ended_with_its_control_group()
    {
        await using var app = await FugitiveApp.StartAsync("comet", groups: true);
        await app.AskAsync("/run-away");
        await app.Pipe.ReadAsync(2, FullHub.Patience);

        await app.StopAsync();

        await app.Pipe.ReadToEndAsync(FullHub.Patience);
        app.Groups().Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_is_in_its_control_group_before_it_runs_a_line()
    {
        await using var app = await FugitiveApp.StartAsync("none", groups: true);
        var run = app.Hub.Supervisor.State.Find(app.Key)!.ReadyRun!.Id;

        app.Hub.Get<RunOutput>().Tail(run, 100).Should().Contain(line => line.StartsWith("0::") && line.EndsWith($"/streamhub-{app.Hub.Get<RunStore>().HubId}-{run}"));
        app.Groups().Should().ContainSingle();
    }

    [Fact]
    public async Task A_hub_that_comes_back_finds_what_ran_away_by_its_control_group_and_clears_away_what_is_over()
    {
        var folder = new DirectoryInfo(TestDirectory.Create());
        await using var pipe = await NamedPipe.CreateAsync(Path.Combine(folder.FullName, "pipe"));
        var (before, hub) = (Host(groups: true), Guid.NewGuid().ToString("N"));
        await before.WaitForExitAsync(Start(new RunMark(hub, new RunId(1)), "true"), default);
        var mark = new RunMark(hub, new RunId(2));

        // The main process ends: what is left descends from nobody, leads its own session and carries no mark.
        var main = Start(mark, "sh", "-c", $"exec 3>{pipe.Path}; (setsid env -i sleep 120 &); echo x >&3");
        await before.WaitForExitAsync(main, default);
        await pipe.ReadAsync(1, FullHub.Patience);

        var after = Host(groups: true);
        var found = after.FindMarked(hub);
        found.Should().ContainSingle().Which.Mark.Should().Be(mark);
        found[0].Process.Pid.Should().NotBe(main.Pid);
        FugitiveApp.Groups(hub).Should().ContainSingle("that of the first run was empty");
        await after.KillTreeAsync(mark, main, default);

        await pipe.ReadToEndAsync(FullHub.Patience);
        FugitiveApp.Groups(hub).Should().BeEmpty();
        Host(groups: false).FindMarked(hub).Should().BeEmpty();
        folder.Delete(recursive: true);

        ProcessIdentity Start(RunMark mark, params string[] argv) => before.Start(new ProcessStart(
            mark, argv, folder.FullName, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, Endpoint: null, Path.Combine(folder.FullName, "output.log")));
    }

    [Fact]
    public async Task On_its_way_into_its_control_group_a_program_gets_no_more_and_no_less_than_its_environment_and_arguments()
    {
        var folder = new DirectoryInfo(TestDirectory.Create());
        var (mark, output) = (new RunMark(Guid.NewGuid().ToString("N"), new RunId(1)), Path.Combine(folder.FullName, "output.log"));
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["OWN"] = "a  'b' $(c)", ["SHLVL"] = "7" };
        var host = Host(groups: true);

        await host.WaitForExitAsync(host.Start(new ProcessStart(mark, ["env"], folder.FullName, environment, Endpoint: null, output)), default);
        (await File.ReadAllLinesAsync(output)).Should().BeEquivalentTo([$"STREAMHUB_RUN={mark}", .. environment.Select(variable => $"{variable.Key}={variable.Value}")]);

        string[] arguments = ["%s|", "", "a  b", "'\"", "$(c)", "--", "한"];
        await host.WaitForExitAsync(host.Start(new ProcessStart(mark, ["/usr/bin/printf", .. arguments], folder.FullName, environment, Endpoint: null, output + "2")), default);
        (await File.ReadAllTextAsync(output + "2")).Should().Be(string.Concat(arguments.Skip(1).Select(argument => argument + "|")));
        await host.KillTreeAsync(mark, new ProcessIdentity(0, 0, ""), default);
        folder.Delete(recursive: true);
    }

    private static LinuxProcessHost Host(bool groups)
    {
        FugitiveApp.RequireGroups(groups);
        return new LinuxProcessHost(TestHub.NewSettings() with { ControlGroups = groups }, TimeProvider.System, NullLogger<LinuxProcessHost>.Instance);
    }
}
