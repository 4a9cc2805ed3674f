using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Cli;
using StreamHub.Server.Hosting;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Cli;

public sealed class HubCommandTests
{
    [Fact]
    public async Task Apply_comes_into_force_in_a_running_hub()
    {
        await using var hub = await TestHub.StartAsync();
        var inForce = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Store.Changed += next =>
        {
            if (next.Policy.Decide(ClientAddress.Parse("127.0.0.7"), DateTimeOffset.UnixEpoch) is AccessDecision.Admitted)
            {
                inForce.TrySetResult();
            }
        };
        var file = Path.Combine(hub.Settings.DataDirectory, "hub.json");
        await File.WriteAllTextAsync(file, """{ "users": [ { "name": "kim", "addresses": ["127.0.0.7"], "apps": ["demo"] } ] }""");
        var (exit, output, error) = await RunAsync(hub.Settings, "apply", file, "--StreamHub:A:B=c");
        error.Should().BeEmpty();
        (exit, output).Should().Be((0, "user kim: created\n"));
        await inForce.Task.WaitAsync(TimeSpan.FromSeconds(1));
        (await hub.AskAsync("/who", "127.0.0.7")).Body.Should().Be("kim");
        (await RunAsync(hub.Settings, "export")).Output.Should().Contain("\"kim\"");
    }

    [Fact]
    public async Task Explain_prints_the_trace_of_the_decision()
    {
        await using var hub = await TestHub.StartAsync(null, new StreamHub.Server.Admin.Entries.UserEntry { Name = "kim", Addresses = ["10.0.0.7"], Disabled = true });
        var (exit, output, error) = await RunAsync(hub.Settings, "explain", "10.0.0.7", "demo");
        error.Should().BeEmpty();
        exit.Should().Be(0);
        output.Should().StartWith("10.0.0.7 demo: refused\n").And.Contain("user.disabled: kim is disabled").And.Contain("app.notAssigned");
        (await RunAsync(hub.Settings, "explain", "10.7")).Should().Be((1, "", "'10.7' is not an IP address\n"));
    }

    [Fact]
    public async Task Requests_are_listed_and_decided_while_the_hub_runs()
    {
        await using var hub = await TestHub.StartAsync();
        var stranger = ClientAddress.Parse("127.0.0.9");
        await hub.Get<AccessRequests>().AskAsync(stranger, owner: null, device: null, new AccessPlea("Lee", "demo", "figures"), CancellationToken.None);
        (await RunAsync(hub.Settings, "requests", "list")).Output.Should().Contain("127.0.0.9 Open name='Lee' app='demo' purpose='figures'");
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--user", "Lee")).Should().Be((1, "", "there is no user 'Lee'\n"));
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--new-user", "Lee", "--app", "demo")).Exit.Should().Be(0);
        (await RunAsync(hub.Settings, "requests", "decline", "1")).Should().Be((1, "", "the request 1 is decided already: Approved\n"));
        (await RunAsync(hub.Settings, "export")).Output.Should().Contain("127.0.0.9");
    }

    [Fact]
    public async Task Every_error_has_its_line_and_the_exit_code_says_so()
    {
        var settings = TestHub.NewSettings();
        var file = Path.Combine(settings.DataDirectory, "hub.json");
        await File.WriteAllTextAsync(file, """{ "users": [ { "name": "", "addresses": ["x"] } ] }""");
        var (exit, _, error) = await RunAsync(settings, "apply", file);
        exit.Should().Be(1);
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        (await RunAsync(settings, "apply", file + ".missing")).Exit.Should().NotBe(0);
        (await RunAsync(settings, "nonsense")).Exit.Should().NotBe(0);
    }

    [Fact]
    public async Task Printed_link_opens_the_running_hub()
    {
        await using var hub = await TestHub.StartAsync();
        var (exit, output, _) = await RunAsync(hub.Settings, "link");
        exit.Should().Be(0);
        var link = new Uri(output.Split('\n')[0]);
        (await hub.AskAsync(link.PathAndQuery, "127.0.0.5", Listener.Admin)).Status.Should().Be(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData(new[] { "--StreamHub:A:B=c" }, 1, 0)]
    [InlineData(new[] { "run", "--StreamHub:A:B", "c" }, 2, 1)]
    [InlineData(new[] { "apply", "f", "--plan", "--Logging:LogLevel:Default=Debug" }, 1, 3)]
    public void Configuration_is_split_from_the_verb(string[] args, int configuration, int verb)
    {
        var split = HubArguments.Split(args);
        (split.Configuration.Length, split.Verb.Length).Should().Be((configuration, verb));
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(HubSettings settings, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var command = new HubCommand(
            _ => Task.FromResult(0), _ => Task.FromResult(0), _ => Task.FromResult(0), _ => settings, output, error);
        return (await command.InvokeAsync(args), output.ToString(), error.ToString());
    }
}
