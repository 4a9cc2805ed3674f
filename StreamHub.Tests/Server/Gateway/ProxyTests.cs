using System.Net;
using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Gateway;

public sealed class ProxyTests : IAsyncLifetime
{
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Origin => hub.Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync();
        backend = await RecordingBackend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Theory]
    [InlineData("kim", "kim")]
    [InlineData("kim (sales), room 7", "kim (sales), room 7")]
    [InlineData("김 kim", "%EA%B9%80%20kim")]
    [InlineData("José", "Jos%C3%A9")]
    [InlineData("50% kim", "50%25%20kim")]
    public async Task The_app_is_told_who_asks_in_ASCII(string name, string told)
    {
        await hub.ReadyAsync(backend);
        hub.Configure(hub.User with { Name = UserName.Parse(name) });
        using var response = await hub.Client.GetAsync("/app/demo/x", Cancellation);
        var (_, _, headers) = backend.Seen.Should().ContainSingle().Subject;
        (headers["X-StreamHub-User"], headers["X-StreamHub-Role"], headers["X-Forwarded-For"], headers["X-Forwarded-Host"], headers["X-Forwarded-Proto"]).Should().Be((told, "user", "127.0.0.1", hub.Address.Authority, "http"));
        Uri.UnescapeDataString(told).Should().Be(name);
    }

    [Fact]
    public async Task WebSocket_echoes_keeps_its_protocol_and_counts_as_a_session()
    {
        await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(Origin);
        socket.SubProtocol.Should().Be("streamlit");
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Binary, true, Cancellation);
        var buffer = new byte[16];
        (await socket.ReceiveAsync(buffer, Cancellation)).Count.Should().Be(4);
        hub.Sessions.All.Should().ContainSingle();
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        await NoSessionAsync();
    }

    [Fact]
    public async Task The_first_message_of_a_session_counts_as_use_however_soon_it_comes()
    {
        var run = await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(Origin);
        await socket.SendAsync("run"u8.ToArray(), WebSocketMessageType.Binary, true, Cancellation);
        await hub.Supervisor.WaitForAsync(state => state.Runs.Single(owned => owned.Run.Id == run).Run.LastActed is not null, Cancellation);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://evil.example")]
    public async Task WebSocket_of_a_foreign_page_never_reaches_the_app(string? origin)
    {
        await hub.ReadyAsync(backend);
        await ((Func<Task>)(() => ConnectAsync(origin))).Should().ThrowAsync<WebSocketException>().WithMessage("*403*");
        backend.Seen.Should().BeEmpty();
    }

    [Fact]
    public async Task Revoking_cuts_an_open_WebSocket()
    {
        await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(Origin);
        hub.Configure(hub.User with { Apps = [AppSlug.Parse("other")] });
        await ((Func<Task>)(() => socket.ReceiveAsync(new byte[16], Cancellation))).Should().ThrowAsync<WebSocketException>();
        await NoSessionAsync();
        (await backend.Aborted.Reader.ReadAsync(Cancellation)).Should().Be("socket");
    }

    [Fact]
    public async Task Client_that_vanishes_ends_its_session_and_its_socket()
    {
        await hub.ReadyAsync(backend);
        var socket = await ConnectAsync(Origin);
        socket.Abort();
        (await backend.Aborted.Reader.ReadAsync(Cancellation)).Should().Be("socket");
        await NoSessionAsync();
    }

    [Fact]
    public async Task App_that_vanishes_ends_the_clients_socket()
    {
        await hub.ReadyAsync(backend);
        using var socket = await ConnectAsync(Origin);
        await socket.SendAsync("die"u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        await ((Func<Task>)(() => socket.ReceiveAsync(new byte[16], Cancellation))).Should().ThrowAsync<WebSocketException>();
        await NoSessionAsync();
    }

    [Fact]
    public async Task Hundred_visits_start_one_run_and_show_the_starting_page()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => NavigateAsync("/app/demo/?x=1")));
        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter != null);
        (await answers[0].Content.ReadAsStringAsync(Cancellation)).Should().Contain("The demo").And.Contain("/_hub/apps/demo/retry");
        var state = await hub.Supervisor.WaitForAsync(state => state.Runs.Any(), Cancellation);
        state.NextRun.Value.Should().Be(2);
    }

    [Fact]
    public async Task Poll_of_a_forgotten_tab_starts_nothing()
    {
        using var health = await hub.Client.GetAsync("/app/demo/_stcore/health", Cancellation);
        health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        health.Headers.RetryAfter.Should().NotBeNull();
        (await health.Content.ReadAsStringAsync(Cancellation)).Should().StartWith("\"").And.EndWith("\"");
        hub.Supervisor.State.Runs.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/app/foreign/", HttpStatusCode.Forbidden)]
    [InlineData("/app/unknown/", HttpStatusCode.Forbidden)]
    [InlineData("/open/foreign/", HttpStatusCode.Forbidden)]
    [InlineData("/app/demo/_stcore/metrics", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/_stcore/script-health-check", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/_stcore/agent/openapi.json", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/_stcore/metrics/", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/_STCORE/metrics", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/_stcore/%6detrics", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/%5Fstcore/metrics", HttpStatusCode.NotFound)]
    [InlineData("/app/_stcore/health", HttpStatusCode.NotFound)]
    [InlineData("/app/demo%2f..%2fforeign/", HttpStatusCode.BadRequest)]
    [InlineData("/app/demo//_stcore/..%2f_stcore%2fmetrics", HttpStatusCode.NotFound)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/open/demo/page?q=1", HttpStatusCode.OK)]
    public async Task Address_is_answered_by_the_hub_alone(string address, HttpStatusCode expected)
    {
        await hub.ReadyAsync(backend);
        (await NavigateAsync(address)).StatusCode.Should().Be(expected);
        backend.Seen.Should().BeEmpty();
    }

    [Fact]
    public async Task Missing_slash_is_a_relative_redirect()
    {
        using var response = await NavigateAsync("/app/demo?a=1");
        response.StatusCode.Should().Be(HttpStatusCode.PermanentRedirect);
        response.Headers.Location!.OriginalString.Should().Be("/app/demo/?a=1");
    }

    [Fact]
    public async Task Dead_app_is_a_clear_page()
    {
        await hub.ReadyAsync(backend);
        await backend.DisposeAsync();
        using var response = await NavigateAsync("/app/demo/");
        response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(Cancellation)).Should().Contain("broke off");
    }

    private async Task<HttpResponseMessage> NavigateAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Origin + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Accept.ParseAdd("text/html");
        return await hub.Client.SendAsync(request, Cancellation);
    }

    private async Task<ClientWebSocket> ConnectAsync(string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("streamlit");
        socket.Options.AddSubProtocol("token");
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await socket.ConnectAsync(new Uri($"ws://{hub.Address.Authority}/app/demo/_stcore/stream"), Cancellation);
        return socket;
    }

    private async Task NoSessionAsync()
    {
        // The table is what the supervisor is told by: that may have yet to hear of a session which is open.
        await Eventually.TrueAsync(() => hub.Sessions.All.Count == 0);
        await hub.Supervisor.WaitForAsync(state => state.Runs.All(owned => owned.Run.Sessions == 0), Cancellation);
    }
}
