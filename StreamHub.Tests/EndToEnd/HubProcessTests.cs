using System.Net;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub as the process that it is: first start, signals, death and return. Needs neither Python nor a browser.</summary>
public sealed class HubProcessTests
{
    [Fact]
    public async Task A_new_hub_offers_the_demo_app_to_whoever_opens_its_link()
    {
        await using var hub = await HubProcess.StartAsync();
        using var admin = new PersonaClient("127.0.0.1");
        using var stranger = new PersonaClient("127.0.0.2");

        (await DemoVisit.StatusAsync(admin, hub.UsersOrigin + "/")).Should().Be(HttpStatusCode.Forbidden);
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        (await DemoVisit.ClaimAsync(stranger, hub.ClaimLink!)).Should().Be(HttpStatusCode.Forbidden, "a link opens once");

        (await DemoVisit.StatusAsync(admin, hub.UsersOrigin + "/")).Should().Be(HttpStatusCode.OK);
        (await DemoVisit.StatusAsync(admin, hub.AdminOrigin + "/")).Should().Be(HttpStatusCode.OK);
        await DemoVisit.OpenAsync(hub, admin);
        using var socket = await DemoVisit.ConnectAsync(hub, admin);
        (await DemoVisit.ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task A_stop_takes_the_apps_along_although_visitors_are_connected()
    {
        await using var hub = await ClaimedAsync();
        using var admin = new PersonaClient("127.0.0.1");
        var pid = await DemoVisit.OpenAsync(hub, admin);
        using var socket = await DemoVisit.ConnectAsync(hub, admin);
        await DemoVisit.ReceiveAsync(socket);

        (await hub.StopAsync()).Should().Be(0, hub.Output);

        Directory.Exists($"/proc/{pid}").Should().BeFalse();
    }

    [Fact]
    public async Task A_killed_hub_comes_back_to_the_same_process()
    {
        await using var hub = await ClaimedAsync();
        using var admin = new PersonaClient("127.0.0.1");
        var pid = await DemoVisit.OpenAsync(hub, admin);

        await hub.KillAsync();
        await hub.RestartAsync();

        (await DemoVisit.OpenAsync(hub, admin)).Should().Be(pid);
        using var socket = await DemoVisit.ConnectAsync(hub, admin);
        await DemoVisit.ReceiveAsync(socket);
    }

    [Fact]
    public async Task A_second_hub_on_the_same_directory_is_refused_and_so_is_every_setting_that_cannot_be_used()
    {
        await using var hub = await HubProcess.StartAsync();

        var (code, output) = await hub.CommandAsync("run", "--StreamHub:Listen:Users=http://127.0.0.1:0", "--StreamHub:Listen:Admin=http://127.0.0.1:0");

        code.Should().NotBe(0);
        output.Should().Contain(hub.DataDirectory);

        (code, output) = await hub.CommandAsync("export", "--StreamHub:Apps:CheckInterval=often", "--StreamHub:Apps:StopGrace=soon", "--StreamHub:KnownProxies:0=proxy");
        code.Should().NotBe(0);
        output.Should().Contain("StreamHub:Apps:CheckInterval: 'often'").And.Contain("StreamHub:Apps:StopGrace: 'soon'").And.Contain("StreamHub:KnownProxies: 'proxy'", "every setting that cannot be used is named");
    }

    private static async Task<HubProcess> ClaimedAsync()
    {
        var hub = await HubProcess.StartAsync();
        using var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        return hub;
    }
}
