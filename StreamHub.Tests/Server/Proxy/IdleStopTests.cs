using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>What open pages learn of a stop for want of use, and what they do afterwards; kim has the addresses 127.0.0.1 and 127.0.0.2.</summary>
public sealed class IdleStopTests : IAsyncLifetime
{
    private static readonly InstanceKey Demo = new(ReadyApp.Demo);
    private static readonly InstanceKey Other = new(StreamHub.Domain.Apps.AppSlug.Parse("other"));

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly PersonaClient[] pages = [new("127.0.0.1"), new("127.0.0.2")];
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        backend = await RecordingBackend.StartAsync();
        hub = await ReadyApp.StartAsync(time: time);
        hub.Configure(hub.User with { Addresses = [AddressRange.Parse("127.0.0.0/24")] });
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(pages, static page => page.Dispose());
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Two_minutes_before_it_stops_an_unused_app_says_so_and_not_earlier()
    {
        await hub.ReadyAsync(backend);
        time.Advance(TimeSpan.FromMinutes(28) - TimeSpan.FromSeconds(1));
        (await StatusAsync(0)).GetProperty("idleStopMs").ValueKind.Should().Be(JsonValueKind.Null);
        time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(0)).GetProperty("idleStopMs").GetInt64().Should().Be(120_000);
    }

    [Fact]
    public async Task An_open_page_is_told_of_the_stop_when_it_is_near()
    {
        await hub.ReadyAsync(backend);
        using var page = await ConnectAsync(0, "_hub/apps/demo/events");
        var buffer = new byte[8192];
        var first = await page.ReceiveAsync(buffer, Cancellation);
        JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, first.Count)).GetProperty("idleStopMs").ValueKind.Should().Be(JsonValueKind.Null);
        time.Advance(TimeSpan.FromMinutes(27));
        var next = page.ReceiveAsync(buffer, Cancellation);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });
        JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, (await next).Count)).GetProperty("idleStopMs").GetInt64().Should().BeLessThanOrEqualTo(120_000);
    }

    [Fact]
    public async Task The_messages_of_a_session_are_told_together_and_wake_no_page()
    {
        await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(0, "app/demo/_stcore/stream");
        await SendAsync(socket);
        var told = (await hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.ReadyRun!.LastActed is not null, Cancellation)).Find(Demo)!.ReadyRun!.LastActed!.Value;
        var (own, other) = (hub.Supervisor.NextChange(Demo), hub.Supervisor.NextChange(Other));
        time.Advance(TimeSpan.FromSeconds(5));
        for (var message = 0; message < 20; message++)
        {
            await SendAsync(socket);
        }

        await hub.Supervisor.AskAsync(HubEvent.Tick.Instance);
        hub.Supervisor.State.Find(Demo)!.ReadyRun!.LastActed.Should().Be(told);
        hub.Sessions.Of(Demo).Should().ContainSingle().Which.LastActive.Should().Be(told + TimeSpan.FromSeconds(5));
        hub.Sessions.Of(Other).Should().BeEmpty();

        time.Advance(TimeSpan.FromSeconds(10));
        await hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.ReadyRun!.LastActed == told + TimeSpan.FromSeconds(15), Cancellation);
        own.IsCompleted.Should().BeFalse();

        using var second = await ConnectAsync(1, "app/demo/_stcore/stream");
        await own.WaitAsync(Cancellation);
        other.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_page_is_told_whether_its_visitor_has_a_session_in_the_run_that_takes_visitors()
    {
        await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(0, "app/demo/_stcore/stream");
        (await StatusAsync(0)).GetProperty("isIn").GetBoolean().Should().BeTrue();
        (await StatusAsync(1)).GetProperty("isIn").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_forgotten_tab_that_connects_again_by_itself_does_not_start_what_was_stopped_and_anybody_else_does()
    {
        var run = await hub.ReadyAsync(backend);
        using var forgotten = await ConnectAsync(0, "app/demo/_stcore/stream");
        time.Advance(TimeSpan.FromMinutes(31));
        await hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.Status == InstanceStatus.Stopping, Cancellation);
        await RefusedAsync(0);
        hub.Supervisor.Post(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
        forgotten.Abort();
        await Eventually.TrueAsync(() => hub.Sessions.All.Count == 0);

        await RefusedAsync(0);
        await BehindAsync();
        hub.Supervisor.State.Find(Demo)!.Status.Should().Be(InstanceStatus.Stopped);

        await RefusedAsync(1);
        await StartedAsync(Demo);
    }

    [Fact]
    public async Task Whoever_opens_the_page_again_starts_it_and_is_waited_for_from_then_on()
    {
        var run = await hub.ReadyAsync(backend);
        using (var forgotten = await ConnectAsync(0, "app/demo/_stcore/stream"))
        {
            time.Advance(TimeSpan.FromMinutes(31));
            await hub.Supervisor.WaitForAsync(state => state.Find(Demo)!.Status == InstanceStatus.Stopping, Cancellation);
            hub.Supervisor.Post(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
            forgotten.Abort();
            await Eventually.TrueAsync(() => hub.Sessions.All.Count == 0);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Address, "app/demo/"));
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
        hub.Supervisor.State.Find(Other)!.Status.Should().Be(InstanceStatus.Stopped);
    }

    [Fact]
    public async Task Home_opens_a_new_tab_with_the_header_that_tells_what_happens_to_the_app()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, hub.Address);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await pages[0].Http.SendAsync(request, Cancellation);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("<a href=\"/open/demo/\" target=\"_blank\"");
    }

    private async Task StartedAsync(InstanceKey key) =>
        await hub.Supervisor.WaitForAsync(state => state.Find(key)?.StartingRun is not null, Cancellation).WaitAsync(FullHub.Patience, TimeProvider.System, Cancellation);

    /// <summary>Until everything that was asked for before has been decided.</summary>
    private async Task BehindAsync()
    {
        hub.Supervisor.Post(new HubEvent.Requested(Other));
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
            new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://{hub.Address.Authority}/{address}")),
            options => options.SetRequestHeader("Origin", hub.Address.GetLeftPart(UriPartial.Authority)),
            Cancellation);

    private Task<JsonElement> StatusAsync(int page) => pages[page].Http.GetFromJsonAsync<JsonElement>(new Uri(hub.Address, "_hub/apps/demo/status"), Cancellation);
}
