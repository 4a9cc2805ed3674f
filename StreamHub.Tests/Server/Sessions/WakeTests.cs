using System.Net;
using System.Net.Http;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Gateway;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Sessions;

/// <summary>Whose request starts an app that does not run, and how it waits.</summary>
public sealed class WakeTests : TimedHub
{
    private static readonly (string Slug, string Method, string Path, string? Accept)[] Calls =
    [
        ("other", "GET", "data.json", "*/*"), ("other", "GET", "", null), ("other", "HEAD", "", "text/html"), ("other", "POST", "hook", "application/json"), ("other", "DELETE", "orders/7", "*/*"), ("other", "OPTIONS", "", "*/*"),
        ("other", "PROPFIND", "files/", "*/*"), ("demo", "POST", "api/orders", "*/*"), ("demo", "GET", "", "*/*"),
    ];

    [Fact]
    public async Task A_programs_request_starts_the_app_and_is_answered_by_it()
    {
        foreach (var (slug, method, path, accept) in Calls)
        {
            var asking = AskAsync(slug, method, path, accept);
            var run = await Hub.ReadyAsync(Backend, slug);
            (await asking).Status.Should().Be(200);
            Backend.Seen.Should().ContainSingle().Which.Target.Should().Be($"/app/{slug}/{path}");
            Backend.Seen.Clear();
            await StopAsIdleAsync(Key(slug), run);
        }
    }

    [Fact]
    public async Task Its_body_is_read_when_the_app_is_ready_and_reaches_it_once()
    {
        string? body = null;
        Backend.Answer = async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
        using var socket = await RawClient.ConnectAsync("127.0.0.1", Hub.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes($"POST /app/other/hook HTTP/1.1\r\nHost: {Hub.Address.Authority}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"), Cancellation);
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        socket.Available.Should().Be(0, "a body that is asked for would be read");

        await Hub.ReadyAsync(Backend, "other");
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer, Cancellation);
        Encoding.Latin1.GetString(buffer, 0, count).Should().StartWith("HTTP/1.1 100 Continue");
        await socket.SendAsync("hello"u8.ToArray(), Cancellation);
        await RawClient.EndsAsync(socket, Cancellation);
        body.Should().Be("hello");
        Backend.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task After_half_a_minute_it_is_told_to_come_back()
    {
        var asking = AskAsync("other", "POST", "hook", "*/*");
        await Time.BeginsAsync(RunSelector.Patience);
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        Time.Advance(RunSelector.Patience - TimeSpan.FromSeconds(1));
        asking.IsCompleted.Should().BeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));
        ShouldBeUnavailable(await asking);

        await Hub.ReadyAsync(Backend, "other");
        (await AskAsync("other", "POST", "hook", "*/*")).Status.Should().Be(200);
        Backend.Seen.Should().ContainSingle("what was refused has reached nobody");
    }

    [Fact]
    public async Task What_visitors_cannot_start_is_not_waited_for_and_its_reason_is_told()
    {
        await Hub.Supervisor.AskAsync(new HubEvent.StopRequested(Other, new Hold("lee", "New figures are coming.")));
        await RefusedAsync("New figures are coming.");
        await Hub.Supervisor.AskAsync(new HubEvent.StartRequested(Other, "lee"));
        for (var exit = 0; exit < 2; exit++)
        {
            var state = await Hub.Supervisor.WaitForAsync(state => state.Find(Other)!.StartingRun is not null, Cancellation);
            await Hub.Supervisor.AskAsync(new HubEvent.Exited(state.Find(Other)!.StartingRun!.Id, new ExitOutcome.Exited(1)));
            Time.Advance(TimeSpan.FromSeconds(2));
        }

        Status(Other).Should().Be(InstanceStatus.Quarantined);
        await RefusedAsync("an error in its own code");
        await Hub.Supervisor.AskAsync(new HubEvent.MaintenanceBegun(new Hold("lee")));
        await RefusedAsync("maintenance");
        Backend.Seen.Should().BeEmpty();

        async Task RefusedAsync(string reason)
        {
            var answer = await AskAsync("other", "POST", "hook", "*/*");
            ShouldBeUnavailable(answer);
            answer.Body.Should().Contain(reason).And.NotContain("Reload");
        }
    }

    [Fact]
    public async Task The_page_of_a_start_does_not_ask_for_a_reload() =>
        (await AskAsync("other", "GET", "", "text/html")).Body.Should().Contain("<p class=\"hint\" role=\"status\" hidden");

    [Fact]
    public async Task Who_loses_access_while_waiting_is_refused()
    {
        var asking = AskAsync("other", "POST", "hook", "*/*");
        await Hub.Supervisor.WaitForAsync(state => state.Find(Other)?.StartingRun is not null, Cancellation);
        Hub.Configure(Hub.User with { Apps = [ReadyApp.Demo] });
        (await asking).Status.Should().Be(403);
    }

    [Fact]
    public async Task What_the_tab_of_an_app_that_was_stopped_as_idle_asks_starts_nothing_and_a_program_at_its_side_does()
    {
        var run = await Hub.ReadyAsync(Backend);
        using (var tab = await ConnectAsync())
        {
            await StopAsIdleAsync(Demo, run);
            tab.Abort();
        }

        await Eventually.TrueAsync(() => Hub.Sessions.All.Count == 0);
        foreach (var path in (string[])["_stcore/health", "_stcore/host-config", "_stcore/bidi-components/x/y.js", "media/picture.png", "component/grid/index.html", "static/js/main.js", "api/numbers"])
        {
            (await AskAsync("demo", "GET", path, "*/*", new Uri(Hub.Address, "/app/demo/").ToString())).Status.Should().Be(503);
            await HeardAsync();
            (path, Status(Demo)).Should().Be((path, InstanceStatus.Stopped));
        }

        var asking = AskAsync("demo", "GET", "api/numbers", "*/*");
        await Hub.ReadyAsync(Backend);
        (await asking).Status.Should().Be(200);
    }

    [Fact]
    public async Task A_request_that_the_app_did_not_answer_is_not_sent_again()
    {
        await Hub.ReadyAsync(Backend, "other");
        foreach (var (method, body) in new[] { ("GET", ""), ("DELETE", ""), ("POST", "body") })
        {
            // The second one goes over the connection of the first.
            Backend.Answer = context => context.Request.Path.Value!.EndsWith("first", StringComparison.Ordinal) ? Task.CompletedTask : CloseAsync(context);
            using (await Hub.Client.GetAsync(new Uri("/app/other/first", UriKind.Relative), Cancellation))
            {
                Backend.Seen.Clear();
            }

            using var request = new HttpRequestMessage(new HttpMethod(method), "/app/other/second") { Content = body.Length > 0 ? new StringContent(body) : null };
            using var answer = await Hub.Client.SendAsync(request, Cancellation);
            answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
            Backend.Seen.Should().ContainSingle(method);
        }

        static Task CloseAsync(HttpContext context)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }

    private static void ShouldBeUnavailable(RawAnswer answer)
    {
        answer.Status.Should().Be(503);
        answer.Header("Retry-After").Should().ContainSingle();
    }

    private Task<RawAnswer> AskAsync(string slug, string method, string path, string? accept, string? referer = null) => AskAsync(slug, method, path, ("Accept", accept), ("Referer", referer));
}
