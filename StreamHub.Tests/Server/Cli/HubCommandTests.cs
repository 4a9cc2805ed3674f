using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Tokens;
using StreamHub.Server;
using StreamHub.Server.Access;
using StreamHub.Server.Cli;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Requests;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Cli;

public sealed class HubCommandTests
{
    [Fact]
    public async Task Apply_comes_into_force_in_a_running_hub()
    {
        await using var hub = await TestHub.StartAsync();
        var inForce = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Store.Changed += () =>
        {
            if (hub.Store.Current.Policy.Decide(ClientAddress.Parse("127.0.0.7"), DateTimeOffset.UnixEpoch) is AccessDecision.Admitted)
            {
                inForce.TrySetResult();
            }
        };
        var file = Path.Combine(hub.Settings.DataDirectory, "hub.json");
        await File.WriteAllTextAsync(file, """{ "users": [ { "name": "kim", "addresses": ["127.0.0.7"], "apps": ["demo"] } ] }""");
        var (exit, output, error) = await RunAsync(hub.Settings, "apply", file, "--StreamHub:A:B=c");
        error.Should().BeEmpty();
        (exit, output).Should().Be((0, "user kim: created\n"));
        await inForce.Task.WaitAsync(FullHub.Patience);
        (await hub.AskAsync("/who", "127.0.0.7")).Body.Should().Be("kim");
        (await RunAsync(hub.Settings, "export")).Output.Should().Contain("\"kim\"");
    }

    [Fact]
    public async Task Explain_prints_the_trace_of_the_decision()
    {
        await using var hub = await TestHub.StartAsync(null, new StreamHub.Server.Entries.UserEntry { Name = "kim", Addresses = ["10.0.0.7"], Disabled = true });
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
        await hub.Get<AccessRequests>().AskAsync(stranger, owner: null, device: null, new AccessRequestForm("Lee", "demo", "figures"), CancellationToken.None);
        (await RunAsync(hub.Settings, "requests", "list")).Output.Should().Contain("127.0.0.9 Open name='Lee' app='demo' purpose='figures'");
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--user", "Lee")).Should().Be((1, "", "user: there is no user 'Lee'\n"));
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--new-user", "Lee", "--plan")).Output.Should().Be("user Lee: created\nrequest 1: Approved\n");
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--new-user", "Lee", "--expires", "soon")).Error.Should().StartWith("--expires: 'soon' is not a day");
        (await RunAsync(hub.Settings, "requests", "approve", "1", "--new-user", "Lee", "--app", "demo", "--expires", "2030-12-31")).Should().Be((0, "user Lee: created\nrequest 1: Approved\n", ""));
        (await RunAsync(hub.Settings, "users", "list")).Output.Should().Contain("expires=2030-12-31\n", "the day is included, on the hub's clock");
        (await RunAsync(hub.Settings, "requests", "decline", "1")).Should().Be((1, "", "the request 1 is already decided: Approved\n"));
        (await RunAsync(hub.Settings, "export")).Output.Should().Contain("127.0.0.9");

        await hub.Get<AccessRequests>().AskAsync(ClientAddress.Parse("127.0.0.10"), owner: null, device: null, new AccessRequestForm("Kim", "", ""), CancellationToken.None);
        (await RunAsync(hub.Settings, "requests", "block", "2", "--note", "enough")).Should().Be((0, "request 2: Blocked\n", ""));
        (await RunAsync(hub.Settings, "requests", "list", "--decided")).Output.Should().Contain("127.0.0.10 Blocked").And.Contain(" by='cli' note='enough'");
        (await RunAsync(hub.Settings, "requests", "unblock", "2")).Should().Be((0, "request 2: Withdrawn\n", ""));
        (await RunAsync(hub.Settings, "requests", "unblock", "2")).Should().Be((1, "", "the request 2 is already decided: Withdrawn\n"));
    }

    [Fact]
    public async Task Audit_is_listed_as_lines_as_objects_and_as_a_table()
    {
        await using var hub = await TestHub.StartAsync(null, new StreamHub.Server.Entries.UserEntry { Name = "김철수", Addresses = ["10.0.0.7"] }, new StreamHub.Server.Entries.UserEntry { Name = "lee", Addresses = ["10.0.0.8"] });
        var lines = (await RunAsync(hub.Settings, "audit", "list", "--action", "user.", "--limit", "1")).Output;
        lines.Should().MatchRegex("^2 \\d{4}-.* test - user.created lee name none -> lee, role none -> user, addresses none -> 10.0.0.8\n$");
        var json = (await RunAsync(hub.Settings, "audit", "list", "--json", "--target", "lee")).Output;
        System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("target").GetString().Should().Be("lee");
        var csv = (await RunAsync(hub.Settings, "audit", "list", "--csv", "--text", "10.0.0.7")).Output;
        csv.Should().StartWith("\uFEFFsequence,at,").And.Contain("김철수");
        (await RunAsync(hub.Settings, "audit", "list", "--from", "soon")).Should().Be((1, "", "--from: 'soon' is not a day such as 2026-11-30 or an instant such as 2026-11-30T18:00:00+09:00\n"));
        (await RunAsync(hub.Settings, "audit", "list", "--csv", "--json")).Exit.Should().NotBe(0);
        (await RunAsync(hub.Settings, "audit", "verify")).Should().Be((0, "the audit is intact: 2 rows\n", ""));
    }

    [Fact]
    public async Task Users_are_listed_set_shut_out_removed_and_imported_while_the_hub_runs()
    {
        await using var hub = await TestHub.StartAsync(null, new StreamHub.Server.Entries.UserEntry { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] });
        (await RunAsync(hub.Settings, "users", "set", "kim", "--address", "10.0.0.7", "--address", "10.1.0.0/24", "--app", "demo", "--hours", "Mon-Fri 08:00-18:00", "--expires", "2030-12-31")).Should().Be((0, "user kim: created\n", ""));
        (await RunAsync(hub.Settings, "users", "list")).Output.Should().Contain("boss admin addresses=127.0.0.2 apps=all\nkim user addresses=10.0.0.7,10.1.0.0/24 apps=demo expires=2030-12-31 hours='Mon-Fri 08:00-18:00'\n");
        (await RunAsync(hub.Settings, "users", "set", "lab", "--address", "10.1.0.0/16")).Exit.Should().Be(0);
        (await RunAsync(hub.Settings, "users", "list")).Error.Should().Be("10.1.0.0/24 of kim lies within 10.1.0.0/16 of lab: kim wins there\n");
        (await RunAsync(hub.Settings, "users", "remove", "lab")).Exit.Should().Be(0);
        (await RunAsync(hub.Settings, "users", "set", "kim", "--clear", "hours", "--clear", "expires", "--rename", "lee")).Output.Should().MatchRegex("^user kim: name kim -> lee, expires .* -> none, hours .* -> none\n$");
        (await RunAsync(hub.Settings, "users", "disable", "lee", "--plan")).Output.Should().Be("user lee: disabled none -> true\n");
        (await RunAsync(hub.Settings, "users", "disable", "lee")).Exit.Should().Be(0);
        (await RunAsync(hub.Settings, "users", "list", "--csv")).Output.Should().Be("\uFEFFname,role,addresses,apps,expires,disabled,hours\r\nboss,admin,127.0.0.2,,,false,\r\nlee,user,\"10.0.0.7; 10.1.0.0/24\",demo,,true,\r\n");
        (await RunAsync(hub.Settings, "users", "enable", "lee")).Output.Should().Be("user lee: disabled true -> none\n");

        var file = Path.Combine(hub.Settings.DataDirectory, "users.csv");
        await File.WriteAllTextAsync(file, "name;addresses\nlee;10.0.0.9\n홍길동;10.0.0.10\n");
        (await RunAsync(hub.Settings, "users", "import", file, "--plan")).Output.Should().StartWith("user lee: addresses 10.0.0.7 10.1.0.0/24 -> 10.0.0.9\nuser 홍길동: created\n");
        (await RunAsync(hub.Settings, "users", "import", file)).Should().Be((0, "user lee: addresses 10.0.0.7 10.1.0.0/24 -> 10.0.0.9\nuser 홍길동: created\n", ""));
        (await RunAsync(hub.Settings, "users", "import", file)).Output.Should().Be("nothing to change\n");
        await File.WriteAllTextAsync(file, "name;addresses\nlee;nowhere\n");
        (await RunAsync(hub.Settings, "users", "import", file)).Should().Be((1, "", "row 2, addresses: 'nowhere' is not an address or a CIDR range\n"));

        (await RunAsync(hub.Settings, "users", "remove", "lee")).Should().Be((0, "user lee: removed\n", ""));
        (await RunAsync(hub.Settings, "users", "remove", "lee")).Should().Be((1, "", "name: there is no user 'lee'\n"));
        (await RunAsync(hub.Settings, "users", "disable", "lee")).Should().Be((1, "", "there is no user 'lee'\n"));
        (await RunAsync(hub.Settings, "users", "set", "lee", "--expires", "soon")).Error.Should().StartWith("--expires: 'soon' is not a day");
        (await RunAsync(hub.Settings, "users", "remove", "boss")).Error.Should().Contain("at least one admin with an address must remain");
    }

    [Fact]
    public async Task That_ranges_may_be_wide_is_said_anew_of_a_user_who_becomes_an_admin()
    {
        await using var hub = await TestHub.StartAsync(
            null,
            new StreamHub.Server.Entries.UserEntry { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] },
            new StreamHub.Server.Entries.UserEntry { Name = "lab", Addresses = ["10.0.0.0/8"], AllowWide = true });
        (await RunAsync(hub.Settings, "users", "set", "lab", "--role", "admin")).Should().Be((1, "", "addresses[0]: '10.0.0.0/8' is wider than /29: allow wide ranges (allowWide) if intended\n"));
        var file = Path.Combine(hub.Settings.DataDirectory, "users.csv");
        await File.WriteAllTextAsync(file, "name;role\nlab;admin\n");
        (await RunAsync(hub.Settings, "users", "import", file)).Error.Should().Contain("is wider than /29");
        (await RunAsync(hub.Settings, "users", "set", "lab", "--role", "admin", "--allow-wide")).Output.Should().Be("user lab: role user -> admin\n");
        (await RunAsync(hub.Settings, "users", "set", "lab", "--role", "user")).Output.Should().Be("user lab: role admin -> user\n");
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_revoked_while_the_hub_runs()
    {
        await using var hub = await TestHub.StartAsync();
        var (exit, output, error) = await RunAsync(hub.Settings, "tokens", "create", "backup", "--scope", "read");
        (exit, error).Should().Be((0, ""));
        var secret = output.TrimEnd('\n');
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Store.Changed += () =>
        {
            if (hub.Store.Current.Tokens.Decide(BearerToken.Hash(secret), changes: false, DateTimeOffset.UnixEpoch) is TokenDecision.Admitted)
            {
                known.TrySetResult();
            }
        };
        await hub.Get<StreamHub.Server.Configuration.ConfigurationLoader>().ReloadAsync(CancellationToken.None);
        await known.Task.WaitAsync(FullHub.Patience);
        (await RunAsync(hub.Settings, "tokens", "create", "backup", "--scope", "all")).Should().Be((1, "", "name: there is a token 'backup' already: revoke it first\nscope: 'all' is not a scope: read or write\n"));
        (await RunAsync(hub.Settings, "tokens", "list")).Output.Should().StartWith("backup read created=").And.Contain("by=cli").And.NotContain(secret);
        (await RunAsync(hub.Settings, "tokens", "create", "late", "--scope", "read", "--expires", "2030-12-31")).Exit.Should().Be(0);
        (await RunAsync(hub.Settings, "tokens", "list")).Output.Should().Contain($"expires={new CalendarDay(new DateOnly(2030, 12, 31)).End(hub.Settings.TimeZone):u}");
        (await RunAsync(hub.Settings, "tokens", "create", "never", "--scope", "read", "--expires", "soon")).Error.Should().StartWith("--expires: 'soon' is not a day");
        (await RunAsync(hub.Settings, "tokens", "revoke", "backup")).Should().Be((0, "token backup: revoked\n", ""));
        (await RunAsync(hub.Settings, "tokens", "revoke", "backup")).Should().Be((1, "", "name: there is no token 'backup'\n"));
        (await RunAsync(hub.Settings, "tokens", "list")).Output.Should().Contain("revoked=");
        (await RunAsync(hub.Settings, "audit", "list", "--action", "token.")).Output.Split('\n').Should().HaveCount(6);
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
        (await hub.AskAsync(link.PathAndQuery, "127.0.0.5", Listener.Admin)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Verbs_read_the_file_of_the_environment_as_the_hub_does()
    {
        var directory = TestDirectory.Create();
        var file = Path.Combine(ContentRoot.Path, "appsettings.VerbsTest.json");
        await File.WriteAllTextAsync(file, $$"""{ "StreamHub": { "DataDirectory": "{{directory}}" } }""");
        try
        {
            string[] args = ["--environment=VerbsTest", "--StreamHub:Listen:Users=http://127.0.0.1:0", "--StreamHub:Listen:Admin=http://127.0.0.1:0"];
            await using var hub = HubApplication.Build(args);
            hub.Services.GetRequiredService<HubSettings>().DataDirectory.Should().Be(directory);
            HubApplication.Settings(args).DataDirectory.Should().Be(directory);
        }
        finally
        {
            File.Delete(file);
            Directory.Delete(directory, recursive: true);
        }
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
