using System.Net;
using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Apps;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Proxy;

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

    [Fact]
    public async Task Request_reaches_the_app_unchanged_with_the_hubs_identity()
    {
        await hub.ReadyAsync(backend);
        string? body = null;
        backend.Answer = async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/app/demo/a%20b?q=%2F&r=1") { Content = new StringContent("hello") };
        foreach (var name in new[] { "X-StreamHub-User", "X_StreamHub_User", "x-streamhub_role", "X-Forwarded-For", "X_Forwarded-Host", "Forwarded", "X-Real-IP" })
        {
            request.Headers.TryAddWithoutValidation(name, "spoofed");
        }

        request.Headers.TryAddWithoutValidation("Connection", "X-StreamHub-User, X-Secret");
        request.Headers.TryAddWithoutValidation("X-Secret", "spoofed");
        request.Headers.TryAddWithoutValidation("Cookie", ".StreamHub.Culture=c; a=1; .AspNetCore.Session=s; b=2");
        using var response = await hub.Client.SendAsync(request, Cancellation);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        body.Should().Be("hello");
        var (method, target, headers) = backend.Seen.Should().ContainSingle().Subject;
        (method, target).Should().Be(("PUT", "/app/demo/a%20b?q=%2F&r=1"));
        headers["X-StreamHub-User"].Should().Be("김 kim");
        headers["X-StreamHub-Role"].Should().Be("user");
        headers["X-Forwarded-For"].Should().Be("127.0.0.1");
        headers["Host"].Should().Be(hub.Address.Authority);
        headers["Cookie"].Should().Be("a=1; b=2");
        headers.Values.Should().NotContain(value => value.Contains("spoofed"));
    }

    [Fact]
    public async Task Cookies_of_an_app_stay_with_the_app()
    {
        await hub.ReadyAsync(backend);
        backend.Answer = context =>
        {
            context.Response.Headers.Append("Set-Cookie", "_streamlit_xsrf=x; Path=/; SameSite=Lax");
            context.Response.Headers.Append("Set-Cookie", "b=1; Domain=example.org; HttpOnly");
            context.Response.Headers.Append("Set-Cookie", ".AspNetCore.x=1");
            return Task.CompletedTask;
        };
        using var response = await hub.Client.GetAsync("/app/demo/_stcore/health", Cancellation);
        response.Headers.GetValues("Set-Cookie").Should().Equal("_streamlit_xsrf=x; SameSite=Lax; Path=/app/demo/", "b=1; HttpOnly");
        response.Headers.GetValues("Content-Security-Policy").Should().Equal("frame-ancestors 'self'");
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
    public async Task Upload_of_100_MB_streams_through()
    {
        const int Size = 100 * 1024 * 1024;
        await hub.ReadyAsync(backend);
        long received = 0;
        backend.Answer = async context =>
        {
            var buffer = new byte[81920];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, Cancellation)) > 0)
            {
                received += read;
            }
        };
        using var response = await hub.Client.PutAsync("/app/demo/_stcore/upload_file/s/f", new ByteArrayContent(new byte[Size]), Cancellation);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        received.Should().Be(Size);
    }

    [Fact]
    public async Task Each_event_of_an_answer_arrives_when_it_is_sent()
    {
        await hub.ReadyAsync(backend, "other");
        using var next = new SemaphoreSlim(1);
        backend.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 1; number <= 3; number++)
            {
                await next.WaitAsync(Cancellation);
                await context.Response.WriteAsync($"data: {number}\n\n", Cancellation);
                await context.Response.Body.FlushAsync(Cancellation);
            }
        };
        await using var events = await hub.Client.GetStreamAsync("/app/other/events", Cancellation);
        using var reader = new StreamReader(events);
        for (var number = 1; number <= 3; number++)
        {
            // The next one is sent when this one has been received.
            (await reader.ReadLineAsync(Cancellation)).Should().Be($"data: {number}");
            (await reader.ReadLineAsync(Cancellation)).Should().BeEmpty();
            next.Release();
        }
    }

    [Fact]
    public async Task Range_passes()
    {
        await hub.ReadyAsync(backend);
        backend.Answer = context => Results.Bytes(Encoding.ASCII.GetBytes("0123456789"), enableRangeProcessing: true).ExecuteAsync(context);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/app/demo/media/x") { Headers = { Range = new(2, 4) } };
        using var response = await hub.Client.SendAsync(request, Cancellation);
        response.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await response.Content.ReadAsStringAsync(Cancellation)).Should().Be("234");
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
