using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>F21: a disk without room keeps what was acknowledged, refuses what would be lost, and says so.</summary>
public sealed class FullDiskTests
{
    private const string Boss = "127.0.0.2";

    /// <summary>No file of the hub grows beyond this; SQLite's log would reach 4 MiB.</summary>
    private const int Room = 2 * 1024 * 1024;

    /// <summary>Starts a program whose files have so much room; more than the kernel's answer to that (EFBIG) it does not learn.</summary>
    private const string Narrow = """
        import os, resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    private const string Widen = "import resource, sys; resource.prlimit(int(sys.argv[1]), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_are_refused_while_there_is_no_room_and_nothing_that_was_acknowledged_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit is the Linux kernel's");
        var built = HubProcess.Built;
        var launch = built with
        {
            File = "python3",
            Arguments = ["-c", Narrow, $"{Room}", built.File, .. built.Arguments],

            // The runtime's double mapping makes a file of its own, of the size of all code.
            Environment = [("DOTNET_EnableWriteXorExecute", "0")],
        };
        await using var hub = await HubProcess.StartAsync(launch);
        using (var claim = new PersonaClient(Boss))
        {
            (await DemoVisit.ClaimAsync(claim, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        }

        var kept = new List<string>();
        string? refused = null;
        for (var number = 0; refused is null; number++)
        {
            var (status, body) = await PutAsync(hub, $"user{number}", number);
            if (status == HttpStatusCode.OK)
            {
                kept.Add($"user{number}");
            }
            else
            {
                status.Should().Be(HttpStatusCode.ServiceUnavailable);
                refused = body;
            }

            number.Should().BeLessThan(2000, "the log of SQLite has no room for so many");
        }

        refused.Should().Contain("The database cannot be used at the moment. Nothing was changed.");
        await Eventually.TrueAsync(async () => (await AskAsync(hub, Boss, hub.AdminOrigin + "/readyz")).Body.StartsWith("the database cannot be written since ", StringComparison.Ordinal));
        (await AskAsync(hub, Boss, hub.UsersOrigin)).Status.Should().Be(HttpStatusCode.OK);
        (await AskAsync(hub, "127.0.0.9", hub.UsersOrigin)).Status.Should().Be(HttpStatusCode.Forbidden, "who may come in can be read");
        (await UsersAsync(hub)).Should().BeEquivalentTo(kept);

        (await Tool.RunAsync("python3", ["-c", Widen, $"{hub.Pid}"], FullHub.Patience)).Code.Should().Be(0);
        await Eventually.TrueAsync(async () => (await AskAsync(hub, Boss, hub.AdminOrigin + "/readyz")).Status == HttpStatusCode.OK);
        (await PutAsync(hub, "later", 5000)).Status.Should().Be(HttpStatusCode.OK);
        kept.Add("later");
        await hub.KillAsync();
        await hub.RestartAsync();
        (await UsersAsync(hub)).Should().BeEquivalentTo(kept);
        (await hub.CommandAsync("audit", "verify")).Code.Should().Be(0);
        hub.Output.Split("cannot be written (").Should().HaveCount(2, "it is said once");
    }

    private static async Task<(HttpStatusCode Status, string Body)> PutAsync(HubProcess hub, string name, int number)
    {
        using var boss = new PersonaClient(Boss);
        var addresses = string.Join(',', Enumerable.Range(1, 60).Select(last => $"\"10.{number / 250}.{number % 250}.{last}\""));
        using var content = new StringContent($$"""{"name":"{{name}}","addresses":[{{addresses}}]}""", Encoding.UTF8, "application/json");
        using var answer = await boss.Http.PutAsync(new Uri($"{hub.AdminOrigin}/api/v1/users/{name}"), content, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HubProcess hub, string from, string address)
    {
        hub.IsRunning.Should().BeTrue();
        using var person = new PersonaClient(from);
        using var answer = await person.Http.GetAsync(new Uri(address), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<string[]> UsersAsync(HubProcess hub) =>
        [.. JsonNode.Parse((await AskAsync(hub, Boss, hub.AdminOrigin + "/api/v1/users")).Body)!.AsArray().Where(user => user!["role"]!.GetValue<string>() == "user").Select(user => user!["name"]!.GetValue<string>())];
}
