using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>
/// The hub for Windows, under Wine: published self-contained, gated, its demo app run, watched, restarted and stopped.
/// Wine names no owner of a listening port and has no Python, so neither is looked at here.
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class WineSmokeTests
{
    [Fact]
    public async Task The_hub_for_Windows_runs_its_demo_app_and_leaves_nothing_behind()
    {
        await E2E.WineAsync();
        await using var wine = await Wine.PrepareAsync();
        await using var hub = await HubProcess.StartAsync(wine.Launch);
        using var admin = new PersonaClient("127.0.0.1");
        using var stranger = new PersonaClient("127.0.0.2");

        (await DemoVisit.StatusAsync(stranger, hub.UsersOrigin + "/app/demo/")).Should().Be(HttpStatusCode.Forbidden);
        (await DemoVisit.StatusAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        (await DemoVisit.StatusAsync(stranger, hub.UsersOrigin + "/app/demo/")).Should().Be(HttpStatusCode.Forbidden);
        var pid = await DemoVisit.OpenAsync(hub, admin);
        using (var socket = await DemoVisit.ConnectAsync(hub, admin))
        {
            (await DemoVisit.ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
            var row = await SeenAsync(hub, row => row.GetProperty("cpu").GetDouble() > 0 && row.GetProperty("sessions").GetInt32() == 1);
            row.GetProperty("pid").GetInt32().Should().Be(pid);
            row.GetProperty("memory").GetInt64().Should().BeGreaterThan(10 << 20);
        }

        await ActAsync(admin, hub, "restart");
        var second = await DemoVisit.OpenAsync(hub, admin, notPid: pid);
        using (var socket = await DemoVisit.ConnectAsync(hub, admin))
        {
            (await DemoVisit.ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
        }

        await ActAsync(admin, hub, "stop");
        await SeenAsync(hub, row => row.GetProperty("status").GetString() == "held" && row.GetProperty("pid").ValueKind == JsonValueKind.Null);
        wine.Programs().Should().ContainSingle("only the hub is left");

        await ActAsync(admin, hub, "start");
        (await DemoVisit.OpenAsync(hub, admin, notPid: second)).Should().BePositive();
        (await hub.StopAsync()).Should().Be(0, hub.Output);
        wine.Programs().Should().BeEmpty();
    }

    private static async Task ActAsync(PersonaClient admin, HubProcess hub, string action)
    {
        using var answer = await admin.Http.PostAsync(new Uri($"{hub.AdminOrigin}/api/v1/apps/demo/{action}"), content: null);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The demo app's row of the live feed, as soon as it is so.</summary>
    private static async Task<JsonElement> SeenAsync(HubProcess hub, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var connection = new HubConnectionBuilder().WithUrl(hub.AdminOrigin + "/hubs/live", options => options.Headers["Origin"] = hub.AdminOrigin).Build();
        await connection.StartAsync(patience.Token);
        await foreach (var snapshot in connection.StreamAsync<JsonElement>("Snapshots", patience.Token))
        {
            var row = snapshot.GetProperty("instances").EnumerateArray().FirstOrDefault(row => row.GetProperty("key").GetString() == "demo");
            if (row.ValueKind == JsonValueKind.Object && condition(row))
            {
                return row;
            }
        }

        throw new InvalidOperationException("The feed ended.");
    }
}
