using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Home;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Sessions;

/// <summary>What open pages learn of a stop for want of use, and what they do afterwards; kim has the addresses 127.0.0.1 and 127.0.0.2.</summary>
public sealed class IdleStopTests : TimedHub
{
    private readonly PersonaClient[] pages = [new("127.0.0.1"), new("127.0.0.2")];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Hub.Configure(Hub.User with { Addresses = [AddressRange.Parse("127.0.0.0/24")] });
    }

    public override async ValueTask DisposeAsync()
    {
        Array.ForEach(pages, static page => page.Dispose());
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Two_minutes_before_it_stops_an_unused_app_says_so_and_not_earlier()
    {
        await Hub.ReadyAsync(Backend);
        Time.Advance(TimeSpan.FromMinutes(28) - TimeSpan.FromSeconds(1));
        (await StatusAsync(0)).GetProperty("idleStopMs").ValueKind.Should().Be(JsonValueKind.Null);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(0)).GetProperty("idleStopMs").GetInt64().Should().Be(120_000);
    }

    [Fact]
    public async Task An_open_page_is_told_of_the_stop_when_it_is_near()
    {
        var untilNotice = TimeSpan.FromSeconds(3);
        await Hub.ReadyAsync(Backend);
        await PassAsync(TimeSpan.FromMinutes(28) - untilNotice);
        using var page = await ConnectAsync(0, "_hub/apps/demo/events");
        var buffer = new byte[8192];
        var first = await page.ReceiveAsync(buffer, Cancellation);
        JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, first.Count)).GetProperty("idleStopMs").ValueKind.Should().Be(JsonValueKind.Null);
        await Time.BeginsAsync(untilNotice);
        Time.Advance(untilNotice);
        await Time.BeginsAsync(StatusEndpoints.ShortestInterval);
        Time.Advance(StatusEndpoints.ShortestInterval);
        var next = await page.ReceiveAsync(buffer, Cancellation);
        JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, next.Count)).GetProperty("idleStopMs").GetInt64().Should().Be((long)(TimeSpan.FromMinutes(2) - StatusEndpoints.ShortestInterval).TotalMilliseconds);
    }

    [Fact]
    public async Task The_messages_of_a_session_are_told_together_and_wake_no_page()
    {
        await Hub.ReadyAsync(Backend);
        using var socket = await ConnectAsync(0, "app/demo/_stcore/stream");
        await SendAsync(socket);
        var told = (await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.ReadyRun!.LastActed is not null, Cancellation)).Find(Demo)!.ReadyRun!.LastActed!.Value;
        var (own, other) = (Hub.Supervisor.NextChange(Demo), Hub.Supervisor.NextChange(Other));
        Time.Advance(TimeSpan.FromSeconds(5));
        for (var message = 0; message < 20; message++)
        {
            await SendAsync(socket);
        }

        await HeardAsync();
        Hub.Supervisor.State.Find(Demo)!.ReadyRun!.LastActed.Should().Be(told);
        Hub.Sessions.Of(Demo).Should().ContainSingle().Which.LastActive.Should().Be(told + TimeSpan.FromSeconds(5));
        Hub.Sessions.Of(Other).Should().BeEmpty();

        Time.Advance(TimeSpan.FromSeconds(10));
        await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.ReadyRun!.LastActed == told + TimeSpan.FromSeconds(15), Cancellation);
        own.IsCompleted.Should().BeFalse();

        using var second = await ConnectAsync(1, "app/demo/_stcore/stream");
        await own.WaitAsync(Cancellation);
        other.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_page_is_told_whether_its_visitor_has_a_session_in_the_run_that_takes_visitors()
    {
        await Hub.ReadyAsync(Backend);
        using var socket = await ConnectAsync(0, "app/demo/_stcore/stream");
        (await StatusAsync(0)).GetProperty("isIn").GetBoolean().Should().BeTrue();
        (await StatusAsync(1)).GetProperty("isIn").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_forgotten_tab_that_connects_again_by_itself_does_not_start_what_was_stopped_and_anybody_else_does()
    {
        var run = await Hub.ReadyAsync(Backend);
        using var forgotten = await ConnectAsync(0, "app/demo/_stcore/stream");
        await PassAsync(TimeSpan.FromMinutes(31));
        Status(Demo).Should().Be(InstanceStatus.Stopping);
        await RefusedAsync(0);
        Hub.Supervisor.Post(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
        forgotten.Abort();
        await Eventually.TrueAsync(() => Hub.Sessions.All.Count == 0);

        await RefusedAsync(0);
        await BehindAsync();
        Status(Demo).Should().Be(InstanceStatus.Stopped);

        await RefusedAsync(1);
        await StartedAsync(Demo);
    }

    [Fact]
    public async Task Whoever_opens_the_page_again_starts_it_and_is_waited_for_from_then_on()
    {
        var run = await Hub.ReadyAsync(Backend);
        using (var forgotten = await ConnectAsync(0, "app/demo/_stcore/stream"))
        {
            await StopAsIdleAsync(Demo, run);
            forgotten.Abort();
            await Eventually.TrueAsync(() => Hub.Sessions.All.Count == 0);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Address, "app/demo/"));
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await pages[0].Http.SendAsync(request, Cancellation);
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await StartedAsync(Demo);
    }

    [Fact]
    public async Task A_page_that_waits_is_a_wish_also_where_the_hub_has_forgotten_it_and_one_that_only_looks_is_none()
    {
        using var looking = await ConnectAsync(0, "_hub/apps/other/events");
        await looking.ReceiveAsync(new byte[8192], Cancellation);
        using var waiting = await ConnectAsync(0, "_hub/apps/demo/events?waiting");
        await StartedAsync(Demo);
        Status(Other).Should().Be(InstanceStatus.Stopped);
    }

    [Fact]
    public async Task Home_opens_a_new_tab_with_the_header_that_tells_what_happens_to_the_app()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Hub.Address);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await pages[0].Http.SendAsync(request, Cancellation);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("<a href=\"/open/demo/\" target=\"_blank\"");
    }

    private async Task StartedAsync(InstanceKey key) =>
        await Hub.Supervisor.WaitForAsync(state => state.Find(key)?.StartingRun is not null, Cancellation).WaitAsync(FullHub.Patience, TimeProvider.System, Cancellation);

    /// <summary>Until everything that was asked for before has been decided.</summary>
    private async Task BehindAsync()
    {
        Hub.Supervisor.Post(new HubEvent.Requested(Other));
        await StartedAsync(Other);
    }

    /// <summary>Sends a message and takes the echo.</summary>
    private static async Task SendAsync(ClientWebSocket socket)
    {
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Binary, true, Cancellation);
        await socket.ReceiveAsync(new byte[16], Cancellation);
    }

    private async Task RefusedAsync(int page)
    {
        var connecting = async () => await ConnectAsync(page, "app/demo/_stcore/stream");
        await connecting.Should().ThrowAsync<WebSocketException>();
    }

    private async Task<ClientWebSocket> ConnectAsync(int page, string address) =>
        await pages[page].ConnectAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://{Hub.Address.Authority}/{address}")),
            FromOurPage,
            Cancellation);

    private Task<JsonElement> StatusAsync(int page) => pages[page].Http.GetFromJsonAsync<JsonElement>(new Uri(Hub.Address, "_hub/apps/demo/status"), Cancellation);
}
