using System.Net.WebSockets;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Server.Sessions;

/// <summary>What keeps an app from the idle stop (after 30 minutes), and what does not: a Streamlit app (demo), and one that serves by HTTP alone (other).</summary>
public sealed class UseTests : TimedHub
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(20);

    // streamlit/proto: BackMsg.rerun_script with and without ClientState.is_auto_rerun, ForwardMsg.new_session and .script_finished.
    private static readonly byte[] Rerun = [(11 << 3) | 2, 0];
    private static readonly byte[] RerunByItself = [(11 << 3) | 2, 2, 6 << 3, 1];
    private static readonly byte[] NewSession = [(4 << 3) | 2, 0];
    private static readonly byte[] Finished = [6 << 3, 0];

    private static readonly (string Slug, string Method, string Path, string Accept)[] UnderWay =
    [
        ("other", "POST", "slow", "*/*"), ("other", "GET", "", "text/html"), ("demo", "PUT", "_stcore/upload_file/s/f", "*/*"), ("demo", "GET", "media/film", "*/*"), ("demo", "GET", "", "text/html"),
    ];

    [Fact]
    public async Task An_answer_or_an_upload_under_way_is_use_and_the_idle_time_counts_from_its_end()
    {
        foreach (var (slug, method, path, accept) in UnderWay)
        {
            var run = await Hub.ReadyAsync(Backend, slug);
            if (slug == "demo")
            {
                // People of this run are its sessions; this one has gone.
                using var socket = await ConnectAsync();
            }

            var (reached, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
            Backend.Answer = _ =>
            {
                reached.TrySetResult();
                return answer.Task;
            };
            var asking = AskAsync(slug, method, path, ("Accept", accept));
            await reached.Task.WaitAsync(Cancellation);
            await PassAsync(Most);
            await PassAsync(Most);
            (path, Status(Key(slug))).Should().Be((path, InstanceStatus.Running));

            answer.SetResult();
            await asking;
            await PassAsync(Most);
            (path, Status(Key(slug))).Should().Be((path, InstanceStatus.Running));
            await StopAsIdleAsync(Key(slug), run);
        }
    }

    [Fact]
    public async Task Where_nothing_but_HTTP_is_spoken_every_request_is_use_and_people_are_those_who_asked_lately()
    {
        await Hub.ReadyAsync(Backend, "other");
        for (var request = 0; request < 4; request++)
        {
            await AskAsync("other", "POST", "_dash-update-component", ("Referer", new Uri(Hub.Address, "/app/other/").ToString()));
            Hub.Sessions.Of(Other).Should().ContainSingle().Which.User.Should().Be(Hub.User.Name);
            await PassAsync(Most);
            Status(Other).Should().Be(InstanceStatus.Running);
        }

        Hub.Sessions.Of(Other).Should().BeEmpty("nobody has asked for twenty minutes");
        await PassAsync(Most);
        Status(Other).Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public async Task What_an_open_Streamlit_page_asks_by_itself_is_no_use()
    {
        await Hub.ReadyAsync(Backend);
        using var session = await ConnectAsync();
        await PassAsync(Most);
        foreach (var path in (string[])["_stcore/health", "_stcore/host-config", "media/picture.png", "static/js/main.js", "component/grid/index.html", "api/numbers"])
        {
            await AskAsync("demo", "GET", path, ("Referer", new Uri(Hub.Address, "/app/demo/").ToString()));
        }

        await PassAsync(Most);
        Status(Demo).Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public async Task Who_opens_the_page_and_a_program_that_calls_use_it_beside_a_forgotten_tab()
    {
        await Hub.ReadyAsync(Backend);
        using var session = await ConnectAsync();
        foreach (var (method, path, accept) in new[] { ("GET", "", "text/html"), ("POST", "api/orders", "*/*"), ("GET", "second", "text/html") })
        {
            await PassAsync(Most);
            await AskAsync("demo", method, path, ("Accept", accept));
        }

        await PassAsync(Most);
        Status(Demo).Should().Be(InstanceStatus.Running);
    }

    [Fact]
    public async Task A_tab_that_only_reruns_by_itself_is_no_use_and_a_click_is()
    {
        Backend.Socket = RunScriptsAsync;
        await Hub.ReadyAsync(Backend);
        using var session = await ConnectAsync();
        for (var minute = 0; minute < 40; minute += 10)
        {
            await SendAsync(session, minute == 20 ? Rerun : RerunByItself);
            await PassAsync(TimeSpan.FromMinutes(10));
        }

        Status(Demo).Should().Be(InstanceStatus.Running, "somebody clicked twenty minutes ago");
        await SendAsync(session, RerunByItself);
        await PassAsync(TimeSpan.FromMinutes(10));
        Status(Demo).Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public async Task A_script_that_runs_for_a_person_is_use_until_it_has_finished()
    {
        var finish = new TaskCompletionSource();
        Backend.Socket = async (socket, cancellation) =>
        {
            await socket.ReceiveAsync(new byte[64], cancellation);
            await socket.SendAsync(NewSession, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            await finish.Task.WaitAsync(cancellation);
            await socket.SendAsync(Finished, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            await socket.ReceiveAsync(new byte[64], cancellation);
        };
        await Hub.ReadyAsync(Backend);
        using var session = await ConnectAsync();
        await session.SendAsync(Rerun, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        await session.ReceiveAsync(new byte[64], Cancellation);
        await PassAsync(Most);
        await PassAsync(Most);
        Status(Demo).Should().Be(InstanceStatus.Running);

        finish.SetResult();
        await session.ReceiveAsync(new byte[64], Cancellation);
        await PassAsync(Most);
        Status(Demo).Should().Be(InstanceStatus.Running);
        await PassAsync(Most);
        Status(Demo).Should().Be(InstanceStatus.Stopping);
    }

    [Fact]
    public async Task A_page_that_reconnects_by_itself_is_no_use()
    {
        var run = await Hub.ReadyAsync(Backend);
        for (var connect = 0; connect < 2; connect++)
        {
            using var session = await ConnectAsync("streamlit", "xsrf", $"7d3f2a10-53c1-4f0e-9a6b-{run.Value:x12}");
            await PassAsync(TimeSpan.FromMinutes(15));
            session.Abort();
            await Hub.Supervisor.WaitForAsync(state => state.Runs.All(owned => owned.Run.Sessions == 0), Cancellation);
        }

        Status(Demo).Should().Be(InstanceStatus.Stopping);
    }

    /// <summary>Answers each message with a script run.</summary>
    private static async Task RunScriptsAsync(WebSocket socket, CancellationToken cancellation)
    {
        while ((await socket.ReceiveAsync(new byte[64], cancellation)).MessageType is not WebSocketMessageType.Close)
        {
            await socket.SendAsync(NewSession, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            await socket.SendAsync(Finished, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        }
    }

    private static async Task SendAsync(ClientWebSocket session, byte[] message)
    {
        await session.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        await session.ReceiveAsync(new byte[64], Cancellation);
        await session.ReceiveAsync(new byte[64], Cancellation);
    }
}
