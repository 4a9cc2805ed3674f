using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Sessions;

/// <summary>No more sessions than an app takes, and nobody is sent away for it.</summary>
public sealed class SeatTests : TimedHub
{
    private readonly Dictionary<int, PersonaClient> guests = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var guest in guests.Values)
        {
            guest.Dispose();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_hundred_upgrades_at_once_exactly_as_many_get_through_as_there_are_seats()
    {
        await LimitAsync(20);
        await Hub.ReadyAsync(Backend);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(guest => TryEnterAsync(1 + (guest % 50))));

        answers.Count(answer => answer.Socket is not null).Should().Be(20);
        answers.Where(answer => answer.Socket is null).Should().OnlyContain(answer => answer.Status == HttpStatusCode.ServiceUnavailable && answer.RetryAfter == "2");
        Backend.Seen.Should().HaveCount(20);
        Hub.Sessions.All.Should().HaveCount(20);
    }

    [Theory]
    [InlineData("en", "Number 2 in line: 1 of 1 people are in it.")]
    [InlineData("ko", "대기 순서 2번째입니다. 정원 1명 중 1명이 이용하고 있습니다.")]
    public async Task Who_finds_no_seat_is_told_their_place_and_comes_in_by_themselves_in_order(string language, string words)
    {
        await LimitAsync(1);
        await Hub.ReadyAsync(Backend);
        using var first = await EnterAsync(1);
        (await NavigateAsync(2)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);

        var (status, page) = await NavigateAsync(3, language);
        status.Should().Be(HttpStatusCode.ServiceUnavailable);
        page.Should().Contain(words);
        (await NavigateAsync(3, language)).Page.Should().Contain(words, "a reload keeps the place");
        (await PollAsync(3, language)).Should().StartWith(words);
        (await StatusAsync(3)).Should().Be((true, "queued", true));

        await LeaveAsync(first);
        Time.Advance(WaitingRoom.ReloadTime);
        (await StatusAsync(2)).Should().Be((true, "running", false));
        (await NavigateAsync(3, language)).Page.Should().Contain(words.Replace('2', '1'));
        (await NavigateAsync(2)).Status.Should().Be(HttpStatusCode.OK);
        using var second = await EnterAsync(2);
        (await TryEnterAsync(3)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_seat_whose_guest_does_not_come_goes_to_the_next_after_some_seconds()
    {
        await LimitAsync(1);
        await Hub.ReadyAsync(Backend);
        using var first = await EnterAsync(1);
        await NavigateAsync(2);
        await NavigateAsync(3);
        await LeaveAsync(first);
        Time.Advance(WaitingRoom.ReloadTime);
        (await StatusAsync(3)).IsWaiting.Should().BeTrue("it is the second's turn");

        Time.Advance(WaitingRoom.OfferTime);
        (await StatusAsync(3)).IsWaiting.Should().BeFalse();
        using var third = await EnterAsync(3);
    }

    [Fact]
    public async Task A_session_that_breaks_off_and_comes_back_is_never_refused()
    {
        await LimitAsync(1);
        var run = await Hub.ReadyAsync(Backend);
        var socket = await EnterAsync(1);
        await NavigateAsync(2);
        for (var round = 0; round < 20; round++)
        {
            // The hub may see the end of the old connection only after the new one.
            socket.Abort();
            socket = await EnterAsync(1, run);
        }

        (await StatusAsync(2)).IsWaiting.Should().BeTrue();
        socket.Abort();
        await EmptyAsync();
        Time.Advance(TimeSpan.FromSeconds(20));
        await StatusAsync(2);
        Time.Advance(TimeSpan.FromSeconds(10));
        (await StatusAsync(2)).IsWaiting.Should().BeFalse("nobody came back within the grace");
    }

    [Fact]
    public async Task Sessions_of_a_replaced_run_do_not_count_on_the_new_one()
    {
        await LimitAsync(1);
        var old = await Hub.ReadyAsync(Backend);
        using var first = await EnterAsync(1);
        await NavigateAsync(2);

        Hub.Supervisor.Post(new HubEvent.RestartRequested(Demo, Drain: true, Why: null, "root"));
        var starting = await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)?.StartingRun is not null, Cancellation);
        var fresh = starting.Find(Demo)!.StartingRun!.Id;
        Hub.Supervisor.Post(new HubEvent.Launched(fresh, new RunProcess(new ProcessIdentity(2, 2, "test"), new AppEndpoint(Backend.Port))));
        Hub.Supervisor.Post(new HubEvent.BecameReady(fresh));
        await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)?.ReadyRun?.Id == fresh, Cancellation);

        using var second = await EnterAsync(2);
        (await TryEnterAsync(3)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        first.Abort();
        using var again = await EnterAsync(1, old);
        Hub.Sessions.All.Select(session => session.Run).Should().BeEquivalentTo([old, fresh]);
    }

    [Fact]
    public async Task A_seat_is_free_at_once_when_the_app_takes_no_session_and_when_its_guest_may_not_come_any_more()
    {
        await LimitAsync(1);
        await Hub.ReadyAsync(Backend);
        Backend.Accepts = false;
        (await TryEnterAsync(1)).Status.Should().Be(HttpStatusCode.Forbidden);

        Backend.Accepts = true;
        using var first = await EnterAsync(2);
        var (user, second) = (Hub.User, NavigateAsync(3));
        await second;
        Hub.Configure(user with { Apps = [] }, 1);
        await EmptyAsync();
        Hub.Configure(user, 1);
        (await StatusAsync(3)).IsWaiting.Should().BeFalse();
        using var third = await EnterAsync(3);
    }

    [Fact]
    public async Task Somebody_in_line_starts_an_app_again_that_was_stopped_because_nobody_used_it()
    {
        await LimitAsync(1);
        var run = await Hub.ReadyAsync(Backend);
        using var first = await EnterAsync(1);
        await NavigateAsync(2);
        using var page = await GuestOf(2).ConnectAsync(new Uri($"ws://{Hub.Address.Authority}/_hub/apps/demo/events"), FromOurPage, Cancellation);
        (await page.ReceiveAsync(new byte[4096], Cancellation)).Count.Should().BePositive();

        Hub.Supervisor.Post(new HubEvent.StopRequested(Demo, new Hold("root", Until: Time.GetUtcNow().AddSeconds(1))));
        Hub.Supervisor.Post(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
        await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)?.Status == InstanceStatus.Held, Cancellation);
        var started = Hub.Supervisor.WaitForAsync(state => state.Find(Demo)?.StartingRun is not null, Cancellation);
        await Eventually.TrueAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(250));
            return started.IsCompleted;
        });
        await started;
    }

    [Theory]
    [InlineData("en", "If nobody goes on with theirs, it takes about 30 min.", "It takes at least 30 min.", "It should take less than a minute.", "It should take a few seconds.")]
    [InlineData("ko", "다른 사용자가 앱을 더 쓰지 않으면 약 30분 걸립니다.", "적어도 30분은 걸립니다.", "1분 안에 시작될 것으로 보입니다.", "몇 초면 됩니다.")]
    public async Task Who_is_in_line_is_told_how_long_it_takes_and_who_is_further_behind_at_least_how_long(string language, string minutes, string least, string minute, string soon)
    {
        await LimitAsync(1);
        await Hub.ReadyAsync(Backend);
        using var first = await EnterAsync(1);
        (await NavigateAsync(2, language)).Page.Should().Contain(minutes);
        (await NavigateAsync(3, language)).Page.Should().Contain(least);
        Time.Advance(TimeSpan.FromSeconds((29 * 60) + 15));
        (await NavigateAsync(2, language)).Page.Should().Contain(minute);
        Time.Advance(TimeSpan.FromSeconds(40));
        (await NavigateAsync(2, language)).Page.Should().Contain(soon);
    }

    private async Task LimitAsync(int seats)
    {
        Hub.Configure(Hub.User with { Addresses = [AddressRange.Parse("127.0.0.0/24")] }, seats);
        await Hub.Supervisor.WaitForAsync(state => state.Find(Demo)?.App.MaxSessions == seats, Cancellation);
    }

    private PersonaClient GuestOf(int number)
    {
        lock (guests)
        {
            return guests.TryGetValue(number, out var known) ? known : guests[number] = new PersonaClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.{number}"));
        }
    }

    private async Task<ClientWebSocket> EnterAsync(int guest, RunId? made = null)
    {
        var (socket, status, _) = await TryEnterAsync(guest, made);
        status.Should().Be(HttpStatusCode.SwitchingProtocols);
        await HeardAsync();
        return socket!;
    }

    private async Task<(ClientWebSocket? Socket, HttpStatusCode Status, string? RetryAfter)> TryEnterAsync(int guest, RunId? made = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        FromOurPage(socket.Options);
        socket.Options.AddSubProtocol("streamlit");
        if (made is { } run)
        {
            socket.Options.AddSubProtocol("none");
            socket.Options.AddSubProtocol(string.Create(CultureInfo.InvariantCulture, $"7d3f2a10-53c1-4f0e-9a6b-{run.Value:x12}"));
        }

        try
        {
            await socket.ConnectAsync(new Uri($"ws://{Hub.Address.Authority}/app/demo/_stcore/stream"), GuestOf(guest).Http, Cancellation);
            return (socket, HttpStatusCode.SwitchingProtocols, null);
        }
        catch (WebSocketException)
        {
            var retryAfter = socket.HttpResponseHeaders?.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
            return (null, socket.HttpStatusCode, retryAfter);
        }
    }

    private async Task LeaveAsync(ClientWebSocket socket)
    {
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, null, Cancellation);
        await EmptyAsync();
    }

    private async Task EmptyAsync()
    {
        // The table is what the supervisor is told by: that may have yet to hear of a session which is open.
        await Eventually.TrueAsync(() => Hub.Sessions.All.Count == 0);
        await Hub.Supervisor.WaitForAsync(state => state.Runs.All(owned => owned.Run.Sessions == 0), Cancellation);
    }

    private Task<(HttpStatusCode Status, string Page)> NavigateAsync(int guest, string language = "en") => GetAsync(guest, "app/demo/", "text/html", language);

    private async Task<string> PollAsync(int guest, string language) =>
        JsonSerializer.Deserialize<string>((await GetAsync(guest, "app/demo/_stcore/health", "*/*", language)).Page)!;

    private async Task<(HttpStatusCode Status, string Page)> GetAsync(int guest, string address, string accept, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Address, address));
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await GuestOf(guest).Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation)));
    }

    private async Task<(bool IsReady, string State, bool IsWaiting)> StatusAsync(int guest)
    {
        var status = await GuestOf(guest).Http.GetFromJsonAsync<JsonElement>(new Uri(Hub.Address, "_hub/apps/demo/status"), Cancellation);
        return (status.GetProperty("isReady").GetBoolean(), status.GetProperty("state").GetString()!, status.GetProperty("queue").ValueKind == JsonValueKind.String);
    }
}
