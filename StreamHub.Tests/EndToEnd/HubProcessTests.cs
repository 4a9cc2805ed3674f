using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub as the process that it is: first start, signals, death and return. Needs neither Python nor a browser.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HubProcessTests
{
    [Fact]
    public async Task A_new_hub_offers_the_demo_app_to_whoever_opens_its_link()
    {
        await using var hub = await HubProcess.StartAsync();
        using var admin = new PersonaClient("127.0.0.1");
        using var stranger = new PersonaClient("127.0.0.2");

        (await StatusAsync(admin, hub.UsersOrigin + "/")).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        (await StatusAsync(stranger, hub.ClaimLink!)).Should().Be(HttpStatusCode.Forbidden, "a link opens once");

        (await StatusAsync(admin, hub.UsersOrigin + "/")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(admin, hub.AdminOrigin + "/")).Should().Be(HttpStatusCode.OK);
        await DemoAsync(hub, admin);
        using var socket = await OpenDemoAsync(hub, admin);
        (await ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task A_stop_takes_the_apps_along_although_visitors_are_connected()
    {
        await using var hub = await ClaimedAsync();
        using var admin = new PersonaClient("127.0.0.1");
        var pid = await DemoAsync(hub, admin);
        using var socket = await OpenDemoAsync(hub, admin);
        await ReceiveAsync(socket);

        (await hub.StopAsync()).Should().Be(0, hub.Output);

        Directory.Exists($"/proc/{pid}").Should().BeFalse();
    }

    [Fact]
    public async Task A_killed_hub_comes_back_to_the_same_process()
    {
        await using var hub = await ClaimedAsync();
        using var admin = new PersonaClient("127.0.0.1");
        var pid = await DemoAsync(hub, admin);

        await hub.KillAsync();
        await hub.RestartAsync();

        (await DemoAsync(hub, admin)).Should().Be(pid);
        using var socket = await OpenDemoAsync(hub, admin);
        await ReceiveAsync(socket);
    }

    [Fact]
    public async Task A_second_hub_on_the_same_directory_is_refused()
    {
        await using var hub = await HubProcess.StartAsync();

        var (code, output) = await hub.VerbAsync("run", "--StreamHub:Listen:Users=http://127.0.0.1:0", "--StreamHub:Listen:Admin=http://127.0.0.1:0");

        code.Should().NotBe(0);
        output.Should().Contain(hub.DataDirectory);
    }

    [Fact]
    public async Task Every_setting_that_cannot_be_used_is_named()
    {
        await using var hub = await HubProcess.StartAsync();

        var (code, output) = await hub.VerbAsync("export", "--StreamHub:Apps:Ports=9-1", "--StreamHub:Apps:StopGrace=soon", "--StreamHub:KnownProxies:0=proxy");

        code.Should().NotBe(0);
        output.Should().Contain("StreamHub:Apps:Ports: '9-1'").And.Contain("StreamHub:Apps:StopGrace: 'soon'").And.Contain("StreamHub:KnownProxies: 'proxy'");
    }

    private static async Task<HubProcess> ClaimedAsync()
    {
        var hub = await HubProcess.StartAsync("--StreamHub:Apps:Ports=19500-19900");
        using var admin = new PersonaClient("127.0.0.1");
        (await StatusAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        return hub;
    }

    private static async Task<HttpStatusCode> StatusAsync(PersonaClient persona, string address)
    {
        using var answer = await persona.Http.GetAsync(new Uri(address));
        return answer.StatusCode;
    }

    /// <summary>Visits the demo app as a browser does until it answers; returns its process id.</summary>
    private static async Task<int> DemoAsync(HubProcess hub, PersonaClient persona)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.UsersOrigin + "/app/demo/");
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await persona.Http.SendAsync(request, patience.Token);
            var rows = JsonSerializer.Deserialize<JsonElement>(await persona.Http.GetStringAsync(new Uri(hub.AdminOrigin + "/api/v1/instances"), patience.Token));
            var demo = rows.EnumerateArray().FirstOrDefault(row => row.GetProperty("slug").GetString() == "demo");
            if (answer.StatusCode == HttpStatusCode.OK && demo.ValueKind == JsonValueKind.Object && demo.GetProperty("pid").ValueKind == JsonValueKind.Number)
            {
                return demo.GetProperty("pid").GetInt32();
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static Task<ClientWebSocket> OpenDemoAsync(HubProcess hub, PersonaClient persona) =>
        persona.ConnectAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{hub.UsersPort}/app/demo/live")),
            options => options.SetRequestHeader("Origin", hub.UsersOrigin));

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var message = await socket.ReceiveAsync(buffer, patience.Token);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer, 0, message.Count));
    }
}
