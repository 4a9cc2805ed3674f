using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using StreamHub.Server.Entries;
using StreamHub.Tests.Rules;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>
/// The hub for Windows, under Wine: published self-contained, gated, its demo app run, watched, restarted and stopped.
/// Wine names no owner of a listening port and has no Python, so neither is looked at here.
/// </summary>
public sealed class WineSmokeTests(WineFixture fixture) : IClassFixture<WineFixture>
{
    [Fact]
    public async Task The_hub_for_Windows_runs_its_demo_app_and_leaves_nothing_behind()
    {
        var wine = await fixture.GetAsync();
        await using var hub = await HubProcess.StartAsync(wine.Launch);
        using var admin = new PersonaClient("127.0.0.1");
        using var stranger = new PersonaClient("127.0.0.2");

        (await DemoVisit.StatusAsync(stranger, hub.UsersOrigin + "/app/demo/")).Should().Be(HttpStatusCode.Forbidden);
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        (await DemoVisit.StatusAsync(stranger, hub.UsersOrigin + "/app/demo/")).Should().Be(HttpStatusCode.Forbidden);
        var pid = await DemoVisit.OpenAsync(hub, admin);
        using (var socket = await DemoVisit.ConnectAsync(hub, admin))
        {
            (await DemoVisit.ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
            var row = await SeenAsync(hub, "demo", row => row.GetProperty("cpu").GetDouble() > 0 && row.GetProperty("sessions").GetInt32() == 1);
            row.GetProperty("pid").GetInt32().Should().Be(pid);
            row.GetProperty("memory").GetInt64().Should().BeGreaterThan(10 << 20);
        }

        await ActAsync(admin, hub, "demo", "restart");
        var second = await DemoVisit.OpenAsync(hub, admin, notPid: pid);
        using (var socket = await DemoVisit.ConnectAsync(hub, admin))
        {
            (await DemoVisit.ReceiveAsync(socket)).GetProperty("count").GetInt32().Should().Be(0);
        }

        await ActAsync(admin, hub, "demo", "stop");
        await SeenAsync(hub, "demo", row => row.GetProperty("status").GetString() == "held" && row.GetProperty("pid").ValueKind == JsonValueKind.Null);
        wine.Programs().Should().ContainSingle("only the hub is left");

        await ActAsync(admin, hub, "demo", "start");
        (await DemoVisit.OpenAsync(hub, admin, notPid: second)).Should().BePositive();
        (await hub.StopAsync()).Should().Be(0, hub.Output);
        wine.Programs().Should().BeEmpty();
    }

    [Fact]
    public async Task An_app_on_Windows_is_cut_off_by_both_listeners_where_its_neighbour_is_let_in()
    {
        var wine = await fixture.GetAsync();
        var program = await wine.PublishAsync(Path.Combine(Sources.Root, "StreamHub.Tests", "EndToEnd", "Apps", "caller.cs"));
        await using var hub = await HubProcess.StartAsync(wine.Launch);
        using var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        var notes = Directory.CreateTempSubdirectory("streamhub-caller-");
        var app = new AppEntry { Slug = "caller", Name = "caller", Runtime = "command", Command = [program, "{port}", Wine.Named(notes.FullName)] };
        using (var made = await admin.Http.PostAsJsonAsync(new Uri(hub.AdminOrigin + "/api/v1/apps"), app))
        {
            made.IsSuccessStatusCode.Should().BeTrue(await made.Content.ReadAsStringAsync());
        }

        await ActAsync(admin, hub, "caller", "start");
        await SeenAsync(hub, "caller", row => row.GetProperty("status").GetString() == "running");

        // The hub stands still until something was sent: before that Wine names nobody as the connection's owner.
        foreach (var (call, port) in (IEnumerable<(int, int)>)[(1, hub.UsersPort), (2, hub.AdminPort)])
        {
            await Tool.SignalAsync(hub.Pid, "STOP");
            await File.WriteAllTextAsync(Note("new"), $"{port}");
            File.Move(Note("new"), Note($"go.{call}"));
            await Eventually.TrueAsync(() => File.Exists(Note($"sent.{call}")));
            await Tool.SignalAsync(hub.Pid, "CONT");

            await Eventually.TrueAsync(() => File.Exists(Note($"told.{call}")));
            (await File.ReadAllTextAsync(Note($"told.{call}"))).Should().Be("closed");
            (await DemoVisit.StatusAsync(admin, $"http://127.0.0.1:{port}/")).Should().Be(HttpStatusCode.OK, "a program of the same address that is no app is let in");
        }

        hub.Output.Should().Contain("A process of one of the apps tried to reach the hub on 127.0.0.1:");
        (await hub.StopAsync()).Should().Be(0, hub.Output);
        notes.Delete(recursive: true);

        string Note(string name) => Path.Combine(notes.FullName, name);
    }

    private static async Task ActAsync(PersonaClient admin, HubProcess hub, string app, string action)
    {
        using var answer = await admin.Http.PostAsync(new Uri($"{hub.AdminOrigin}/api/v1/apps/{app}/{action}"), content: null);
        (await answer.IsTakenUpAsync()).Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>An app's row of the live feed, as soon as it is so.</summary>
    private static async Task<JsonElement> SeenAsync(HubProcess hub, string app, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var connection = new HubConnectionBuilder().WithUrl(hub.AdminOrigin + "/hubs/live", options => options.Headers["Origin"] = hub.AdminOrigin).Build();
        await connection.StartAsync(patience.Token);
        await foreach (var snapshot in connection.StreamAsync<JsonElement>("Snapshots", patience.Token))
        {
            var row = snapshot.GetProperty("instances").EnumerateArray().FirstOrDefault(row => row.GetProperty("key").GetString() == app);
            if (row.ValueKind == JsonValueKind.Object && condition(row))
            {
                return row;
            }
        }

        throw new InvalidOperationException("The feed ended.");
    }
}
