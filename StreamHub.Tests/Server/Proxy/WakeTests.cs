using System.Net;
using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Gateway;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>Whose request starts an app that does not run, and how it waits.</summary>
public sealed class WakeTests : IAsyncLifetime
{
    private static readonly InstanceKey Other = new(AppSlug.Parse("other"));

    private static readonly (string Slug, string Method, string Path, string? Accept)[] Calls =
    [
        ("other", "GET", "data.json", "*/*"), ("other", "GET", "", null), ("other", "HEAD", "", "text/html"), ("other", "POST", "hook", "application/json"), ("other", "DELETE", "orders/7", "*/*"), ("other", "OPTIONS", "", "*/*"),
        ("other", "PROPFIND", "files/", "*/*"), ("demo", "POST", "api/orders", "*/*"), ("demo", "GET", "", "*/*"),
    ];

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync(time: time);
        backend = await RecordingBackend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task A_programs_request_starts_the_app_and_is_answered_by_it()
    {
        foreach (var (slug, method, path, accept) in Calls)
        {
            var asking = AskAsync(slug, method, path, accept);
            var run = await hub.ReadyAsync(backend, slug);
            using (var answer = await asking)
            {
                answer.StatusCode.Should().Be(HttpStatusCode.OK);
            }

            backend.Seen.Should().ContainSingle().Which.Target.Should().Be($"/app/{slug}/{path}");
            backend.Seen.Clear();
            await StopAsIdleAsync(new InstanceKey(AppSlug.Parse(slug)), run);
        }
    }

    [Fact]
    public async Task Its_body_is_read_when_the_app_is_ready_and_reaches_it_once()
    {
        string? body = null;
        backend.Answer = async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
        using var socket = await RawClient.ConnectAsync("127.0.0.1", hub.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/hook HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"), Cancellation);
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        socket.Available.Should().Be(0, "a body that is asked for would be read");

        await hub.ReadyAsync(backend, "other");
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer, Cancellation);
        Encoding.Latin1.GetString(buffer, 0, count).Should().StartWith("HTTP/1.1 100 Continue");
        await socket.SendAsync("hello"u8.ToArray(), Cancellation);
        await RawClient.EndsAsync(socket, Cancellation);
        body.Should().Be("hello");
        backend.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task After_half_a_minute_it_is_told_to_come_back()
    {
        var asking = AskAsync("other", "POST", "hook", "*/*");
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        time.Advance(RunSelector.Patience - TimeSpan.FromSeconds(1));
        asking.IsCompleted.Should().BeFalse();
        using var answer = await PassTimeAsync(asking);
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();

        await hub.ReadyAsync(backend, "other");
        using var next = await AskAsync("other", "POST", "hook", "*/*");
        next.StatusCode.Should().Be(HttpStatusCode.OK);
        backend.Seen.Should().ContainSingle("what was refused has reached nobody");
    }

    [Fact]
    public async Task What_visitors_cannot_start_is_not_waited_for()
    {
        await hub.Supervisor.AskAsync(new HubEvent.StopRequested(Other, new Hold("lee")));
        await RefusedAsync();
        await hub.Supervisor.AskAsync(new HubEvent.StartRequested(Other, "lee"));
        for (var exit = 0; exit < 2; exit++)
        {
            var state = await hub.Supervisor.WaitForAsync(state => state.Find(Other)!.StartingRun is not null, Cancellation);
            await hub.Supervisor.AskAsync(new HubEvent.Exited(state.Find(Other)!.StartingRun!.Id, new ExitOutcome.Exited(1)));
            time.Advance(TimeSpan.FromSeconds(2));
        }

        hub.Supervisor.State.Find(Other)!.Status.Should().Be(InstanceStatus.Quarantined);
        await RefusedAsync();
        await hub.Supervisor.AskAsync(new HubEvent.MaintenanceBegun(new Hold("lee")));
        await RefusedAsync();
        backend.Seen.Should().BeEmpty();

        async Task RefusedAsync()
        {
            using var answer = await AskAsync("other", "POST", "hook", "*/*");
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.Should().NotBeNull();
        }
    }

    [Fact]
    public async Task Who_loses_access_while_waiting_is_refused()
    {
        var asking = AskAsync("other", "POST", "hook", "*/*");
        await hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        hub.Configure(hub.User with { Apps = [ReadyApp.Demo] });
        using var answer = await PassTimeAsync(asking);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_the_tab_of_an_app_that_was_stopped_as_idle_asks_starts_nothing_and_a_program_at_its_side_does()
    {
        var demo = new InstanceKey(ReadyApp.Demo);
        var run = await hub.ReadyAsync(backend);
        using (var tab = new ClientWebSocket())
        {
            tab.Options.SetRequestHeader("Origin", hub.Address.GetLeftPart(UriPartial.Authority));
            await tab.ConnectAsync(new Uri($"ws://{hub.Address.Authority}/app/demo/_stcore/stream"), Cancellation);
            await StopAsIdleAsync(demo, run);
            tab.Abort();
        }

        await Eventually.TrueAsync(() => hub.Sessions.All.Count == 0);
        foreach (var path in (string[])["_stcore/health", "_stcore/host-config", "_stcore/bidi-components/x/y.js", "media/picture.png", "component/grid/index.html", "static/js/main.js", "api/numbers"])
        {
            using var refused = await AskAsync("demo", "GET", path, "*/*", new Uri(hub.Address, "/app/demo/").ToString());
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            await hub.Supervisor.AskAsync(HubEvent.Tick.Instance);
            (path, hub.Supervisor.State.Find(demo)!.Status).Should().Be((path, InstanceStatus.Stopped));
        }

        var asking = AskAsync("demo", "GET", "api/numbers", "*/*");
        await hub.ReadyAsync(backend);
        using var answer = await asking;
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_that_the_app_did_not_answer_is_not_sent_again()
    {
        await hub.ReadyAsync(backend, "other");
        foreach (var (method, body) in new[] { ("GET", ""), ("DELETE", ""), ("POST", "body") })
        {
            // The second one goes over the connection of the first.
            backend.Answer = context => context.Request.Path.Value!.EndsWith("first", StringComparison.Ordinal) ? Task.CompletedTask : CloseAsync(context);
            using (await AskAsync("other", "GET", "first", "*/*"))
            {
                backend.Seen.Clear();
            }

            using var request = new HttpRequestMessage(new HttpMethod(method), "/app/other/second") { Content = body.Length > 0 ? new StringContent(body) : null };
            using var answer = await hub.Client.SendAsync(request, Cancellation);
            answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
            backend.Seen.Should().ContainSingle(method);
        }

        static Task CloseAsync(HttpContext context)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }

    /// <summary>Lets second after second pass until the request is answered: its timer may begin after the first of them.</summary>
    private async Task<HttpResponseMessage> PassTimeAsync(Task<HttpResponseMessage> asking)
    {
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return asking.IsCompleted;
        });
        return await asking;
    }

    private async Task StopAsIdleAsync(InstanceKey key, RunId run)
    {
        // The end of an answer is reported after the client has it, and the idle time counts from there.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(31));
            return hub.Supervisor.State.Find(key)!.Status == InstanceStatus.Stopping;
        });
        await hub.Supervisor.AskAsync(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
    }

    private async Task<HttpResponseMessage> AskAsync(string slug, string method, string path, string? accept, string? referer = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/app/{slug}/{path}");
        foreach (var (name, value) in new[] { ("Accept", accept), ("Referer", referer) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await hub.Client.SendAsync(request, Cancellation);
    }
}
