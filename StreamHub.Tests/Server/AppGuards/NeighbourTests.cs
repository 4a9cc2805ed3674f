using System.Text.Json;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Processes.Linux;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.AppGuards;

/// <summary>T2 in part, T4, T5: an app that goes to its neighbours and to the hub's process, and how these know the hub.</summary>
public sealed class NeighbourTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_reaches_no_port_of_another_by_any_way_and_takes_none()
    {
        RequireIsolation();
        await using var hub = await StartAsync(isolation: true);
        var (app, neighbour) = (await RunAsync(hub, "app"), await RunAsync(hub, "neighbour"));

        (await AskAsync<Dictionary<string, string>>(app, $"reach?{neighbour.Port}")).Should().HaveCount(10).And.NotContainValue("done");
        (await AskAsync<string[]>(neighbour, "came")).Should().OnlyContain(path => path == "/app/neighbour/", "the hub looks whether it is well, and nobody else came");

        var settings = hub.Get<HubSettings>();
        (await AskAsync<int[]>(app, $"scan?{settings.FirstAppPort}-{settings.LastAppPort}")).Should().Equal(app.Port);
        (await AskAsync<int[]>(app, $"scan?{hub.Users.Port}-{hub.Users.Port}")).Should().BeEmpty("what the hub closes without an answer");
    }

    [Fact]
    public async Task An_app_signals_and_reads_no_process_but_its_own()
    {
        RequireIsolation(signals: true);
        await using var hub = await StartAsync(isolation: true);
        var (app, neighbour) = (await RunAsync(hub, "app"), await RunAsync(hub, "neighbour"));

        foreach (var pid in (int[])[Environment.ProcessId, neighbour.Pid])
        {
            (await AskAsync<Dictionary<string, string>>(app, $"touch?{pid}")).Should().HaveCount(7).And.NotContainValue("done");
        }

        (await AskAsync<Dictionary<string, string>>(app, $"touch?{app.Pid}")).Where(way => way.Value != "done").Select(way => way.Key).Should().Equal("lead");
    }

    [Fact]
    public async Task Without_isolation_it_does_whatever_the_hubs_account_may()
    {
        await using var hub = await StartAsync(isolation: false);
        var (app, neighbour) = (await RunAsync(hub, "app"), await RunAsync(hub, "neighbour"));

        var reached = await AskAsync<Dictionary<string, string>>(app, $"reach?{neighbour.Port}");
        reached.Where(way => way.Value == "done").Select(way => way.Key).Should().Contain(["tcp", "child", "bind"], "every Linux has these");
        (await AskAsync<string[]>(neighbour, "came")).Should().Contain("/stolen");
        (await AskAsync<Dictionary<string, string>>(app, $"touch?{neighbour.Pid}")).Where(way => way.Value != "done").Select(way => way.Key).Should().Equal("lead");
    }

    [Fact]
    public async Task The_demo_app_answers_the_hub_alone()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("kim", "user", ThreatHub.Kim, "demo");
        var port = (await hub.RunAsync(new InstanceKey(AppSlug.Parse("demo")))).ReadyRun!.Process!.Endpoint.Port;
        string[] socket = ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

        foreach (var way in (string[][])[[], ["X-StreamHub-Pairing:"], ["X-StreamHub-Pairing: x"], ["X-StreamHub-User: kim"]])
        {
            (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", "/app/demo/", [$"Host: 127.0.0.1:{port}", .. way])).Status.Should().Be(403);
            (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", "/app/demo/live", [$"Host: 127.0.0.1:{port}", .. socket, .. way])).Status.Should().Be(403);
        }

        (await RawClient.AskAsync(ThreatHub.Kim, hub.Users.Port, "GET", "/app/demo/", $"Host: {hub.Users.Authority}", "X-StreamHub-Pairing: x")).Status.Should().Be(200);
    }

    [Fact]
    public async Task A_command_app_is_told_its_word_and_shown_it_with_each_request_of_the_hub_alone()
    {
        await using var hub = await StartAsync(isolation: false);
        var (app, neighbour) = (await RunAsync(hub, "app"), await RunAsync(hub, "neighbour"));
        await hub.AddUserAsync("kim", "user", ThreatHub.Kim, "app", "neighbour");

        foreach (var slug in (string[])["app", "neighbour"])
        {
            (await RawClient.AskAsync(ThreatHub.Kim, hub.Users.Port, "GET", $"/app/{slug}/whose", $"Host: {hub.Users.Authority}", "X-StreamHub-Pairing: x")).Body.Should().Contain("\"hub\"");
        }

        (await AskAsync<string>(app, "whose")).Should().Be("nobody");
        (await AskAsync<string>(neighbour, "whose")).Should().Be("nobody");
        hub.Get<RunSecrets>().Pairing(new RunId(1)).Should().NotBe(hub.Get<RunSecrets>().Pairing(new RunId(2)));
    }

    private static void RequireIsolation(bool signals = false) => Assert.SkipUnless(
        OperatingSystem.IsLinux() && RunIsolation.Open(TestHub.NewSettings(), out _) is { KeepsPorts: true } isolation && (isolation.KeepsSignals || !signals), "This system cannot keep runs to themselves.");

    private static Task<FullHub> StartAsync(bool isolation) => FullHub.StartAsync(null, $"Apps:Isolation={isolation}");

    private static async Task<(int Pid, int Port)> RunAsync(FullHub hub, string slug)
    {
        var process = (await hub.RunAsync(await hub.AddScriptAsync(slug, "neighbour.py"))).ReadyRun!.Process!;
        return (process.Identity.Pid, process.Endpoint.Port);
    }

    private static async Task<T> AskAsync<T>((int Pid, int Port) app, string what)
    {
        using var client = new HttpClient();
        return JsonSerializer.Deserialize<T>(await client.GetStringAsync(new Uri($"http://127.0.0.1:{app.Port}/{what}"), Cancellation))!;
    }
}
