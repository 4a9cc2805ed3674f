using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Server.Audit;
using StreamHub.Server.Data;
using StreamHub.Server.Listeners;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Linux;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.AppGuards;

/// <summary>An app has the machine's addresses, and earns nothing by them.</summary>
[SupportedOSPlatform("linux")]
public sealed class OwnAppGuardTests : IAsyncLifetime
{
    private const string Boss = "127.0.0.2";
    private const string FarBoss = "198.51.100.2";
    private const string Proxy = "127.0.0.3";
    private static readonly string Caller = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "caller.py");

    private FullHub hub = null!;
    private Instance app = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, $"KnownProxies:0={Proxy}");
        await hub.AddUserAsync("boss", "admin", Boss);
        await hub.AddUserAsync("far", "admin", FarBoss);
        app = await hub.RunAsync(await hub.AddAppAsync("curious"));
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Theory]
    [InlineData("plain", Boss)]
    [InlineData("plain", Proxy, $"X-Forwarded-For={FarBoss}")]
    [InlineData("daemon", Boss)]
    [InlineData("forgetful", Boss)]
    public async Task An_app_is_cut_off_where_anybody_else_on_the_machine_goes_by_the_rules(string how, string from, params string[] headers)
    {
        foreach (var listener in (Uri[])[hub.Users, hub.Admin])
        {
            string[] call = [how, from, "127.0.0.1", $"{listener.Port}", .. headers];
            (await AsAppAsync(call)).Should().Be("closed");
            (await AsUnregisteredAsync(call)).Should().Be("200");
            call[1] = "127.0.0.9";
            (await AsUnregisteredAsync(call)).Should().Be("403");
        }
    }

    [Fact]
    public async Task An_app_is_cut_off_at_every_address_of_the_machine()
    {
        await using var open = await FullHub.StartAsync(null, "Listen:Users=http://[::]:0", "Listen:Admin=http://[::]:0", $"KnownProxies:0={Proxy}");
        var card = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))?.ToString();
        await open.AddUserAsync("boss", "admin", Boss);
        await open.AddUserAsync("six", "admin", "::1");
        if (card is not null)
        {
            await open.AddUserAsync("card", "admin", card);
        }

        var curious = (await open.RunAsync(await open.AddAppAsync("curious"))).ReadyRun!.Process!.Endpoint;
        (string From, string To)[] ways = [(Boss, "127.0.0.1"), (Boss, "127.9.9.9"), (Boss, "0.0.0.0"), ($"::ffff:{Boss}", "::ffff:127.0.0.1"), ("::1", "::1"), .. card is null ? Array.Empty<(string, string)>() : [(card, card), (card, "127.0.0.1"), (Boss, card)]];
        using var client = new HttpClient();
        foreach (var listener in (Uri[])[open.Users, open.Admin])
        {
            foreach (var (from, to) in ways)
            {
                string[] call = ["plain", from, to, $"{listener.Port}", $"X-Forwarded-For={Boss}"];
                (from, to, (await client.GetStringAsync(new Uri($"{curious.Origin}/call?{string.Join('&', call)}"))).Trim()).Should().Be((from, to, "closed"));
                (from, to, await AsUnregisteredAsync(call)).Should().Be((from, to, "200"));
            }
        }
    }

    [Fact]
    public async Task An_app_that_leaves_its_session_its_parents_and_its_mark_is_known_by_its_control_group()
    {
        FugitiveApp.RequireGroups(true);
        string[] call = ["fugitive", Boss, "127.0.0.1", $"{hub.Users.Port}"];
        (await AsAppAsync(call)).Should().Be("closed");
        (await AsUnregisteredAsync(call)).Should().Be("200");
    }

    [Fact]
    public async Task An_app_without_a_right_is_cut_off_too()
    {
        (await AsAppAsync("plain", "127.0.0.9", "127.0.0.1", $"{hub.Users.Port}")).Should().Be("closed");
        using var person = new PersonaClient(Boss);
        (await person.Http.GetAsync(hub.Users)).StatusCode.Should().Be(HttpStatusCode.OK);
        await hub.Get<RefusalLog>().StopAsync(default);
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        var row = await db.Audit.SingleAsync(row => row.Action == "refused.ownApp");
        (row.Target, row.After).Should().Be(("curious", $$"""{"count":1,"to":"127.0.0.1:{{hub.Users.Port}}"}"""));
    }

    [Fact]
    public void An_end_that_nobody_holds_is_told_from_a_strangers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var accepted = listener.AcceptSocket();
        var (peer, local) = ((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!);

        Check(peer, local).Should().Be(PeerCheck.Foreign);
        Check(peer, new IPEndPoint(IPAddress.Loopback, 1)).Should().Be(PeerCheck.Foreign, "a redirected port is another one than the hub's");
        client.Dispose();
        Check(peer, local).Should().Be(PeerCheck.Gone);

        PeerCheck Check(IPEndPoint one, IPEndPoint other) => hub.Get<IProcessHost>().CheckPeer(hub.Get<StreamHub.Server.Runs.RunStore>().HubId, [], one, other, out _);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    public void The_kernel_names_the_listeners_of_a_port_as_its_table_does(string address, bool isLoopback)
    {
        // No other test binds a port of the block, also not on another address of this machine.
        using var block = PortBlock.Take();
        var port = block.First;
        var listener = new TcpListener(IPAddress.Parse(address), port);
        if (address.StartsWith("::ffff:", StringComparison.Ordinal))
        {
            listener.Server.DualMode = true;
        }

        listener.Start();

        var found = SocketDiag.Listeners(port).Should().ContainSingle().Which;
        (found.IsLoopback, found.End.ToString()).Should().Be((isLoopback, new IPEndPoint(IPAddress.Parse(address.Replace("::ffff:", "", StringComparison.Ordinal)), port).ToString()));
        SocketDiag.Listeners(port).Should().Equal(ProcNet.Listeners(port));
        SocketDiag.Listeners(port: null).Should().Contain(found);
        ProcNet.Listeners(port: null).Should().Contain(found);
        listener.Stop();
        SocketDiag.Listeners(port).Should().BeEmpty();
    }

    [Fact]
    public void Addresses_of_the_machine_are_its_own()
    {
        var own = hub.Get<OwnAddresses>();
        own.Contains(ClientAddress.Parse("127.9.9.9")).Should().BeTrue();
        own.Contains(ClientAddress.Parse("::1")).Should().BeTrue();
        own.Contains(ClientAddress.Parse("203.0.113.9")).Should().BeFalse();
        foreach (var unicast in NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses))
        {
            own.Contains(ClientAddress.From(unicast.Address)).Should().BeTrue();
        }
    }

    private async Task<string> AsAppAsync(params string[] call)
    {
        using var client = new HttpClient();
        return (await client.GetStringAsync(new Uri($"{app.ReadyRun!.Process!.Endpoint.Origin}/call?{string.Join('&', call)}"))).Trim();
    }

    private static async Task<string> AsUnregisteredAsync(params string[] call) =>
        (await Tool.RunAsync("python3", [Caller, .. call], FullHub.Patience)).Output.Trim();
}
