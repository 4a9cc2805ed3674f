using System.Net.Http;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>Which of two runs answers while the older one drains: a Streamlit app (demo) and a command app (other).</summary>
public sealed class DrainingRunTests : IAsyncLifetime
{
    private ReadyApp hub = null!;
    private RecordingBackend old = null!;
    private RecordingBackend fresh = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync();
        old = await RecordingBackend.StartAsync();
        fresh = await RecordingBackend.StartAsync();
        old.Answer = context => context.Response.WriteAsync("old");
        fresh.Answer = context => context.Response.WriteAsync("new");
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await old.DisposeAsync();
        await fresh.DisposeAsync();
    }

    [Theory]
    [InlineData("demo", "old")]
    [InlineData("other", "new")]
    public async Task Only_what_a_Streamlit_script_shows_is_asked_of_the_run_that_drains(string slug, string expected)
    {
        using var session = await DrainAsync(slug);

        (await hub.Client.GetStringAsync($"/app/{slug}/media/picture.png", Cancellation)).Should().Be(expected);
        (await hub.Client.GetStringAsync($"/app/{slug}/data.json", Cancellation)).Should().Be("new");
    }

    [Fact]
    public async Task What_the_draining_run_does_not_have_is_asked_of_the_new_one()
    {
        using var session = await DrainAsync("demo");
        old.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };

        (await hub.Client.GetStringAsync("/app/demo/media/picture.png", Cancellation)).Should().Be("new");
    }

    [Fact]
    public async Task What_is_sent_is_sent_once()
    {
        using var session = await DrainAsync("demo");

        using var answer = await hub.Client.PostAsync("/app/demo/media/x", new StringContent("body"), Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Be("new");
    }

    [Fact]
    public async Task An_upload_goes_to_the_run_of_its_session()
    {
        using var session = await DrainAsync("demo");

        using var answer = await hub.Client.PutAsync("/app/demo/_stcore/upload_file/7d3f2a10-53c1-4f0e-9a6b-000000000001/file", new StringContent("body"), Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Be("old");
    }

    [Fact]
    public async Task Without_sessions_an_open_page_stays_with_its_run_and_a_page_opened_anew_and_a_program_do_not()
    {
        var key = new InstanceKey(AppSlug.Parse("other"));
        await hub.ReadyAsync(old, "other");
        (await AskAsync("", "text/html", fromPage: false)).Should().Be("old");
        hub.Supervisor.Post(new HubEvent.RestartRequested(key, Drain: true, Why: null, By: "test"));
        await hub.ReadyAsync(fresh, "other");
        await hub.Supervisor.WaitForAsync(state => state.Find(key)!.Runs.Any(run => run.State is RunState.Draining), Cancellation);

        (await AskAsync("callback", "*/*", fromPage: true)).Should().Be("old");
        (await AskAsync("callback", "*/*", fromPage: false)).Should().Be("new");
        (await AskAsync("", "text/html", fromPage: true)).Should().Be("new");
        (await AskAsync("callback", "*/*", fromPage: true)).Should().Be("new", "its page is another now");
        hub.Supervisor.State.Find(key)!.Runs.Should().HaveCount(2);
    }

    private async Task<string> AskAsync(string path, string accept, bool fromPage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/app/other/{path}");
        request.Headers.Accept.ParseAdd(accept);
        if (fromPage)
        {
            request.Headers.Referrer = new Uri(hub.Address, "/app/other/");
        }

        using var answer = await hub.Client.SendAsync(request, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>Makes a run ready beside an older one that a session keeps.</summary>
    private async Task<ClientWebSocket> DrainAsync(string slug)
    {
        var key = new InstanceKey(AppSlug.Parse(slug));
        (await hub.ReadyAsync(old, slug)).Should().Be(new RunId(1));
        var session = new ClientWebSocket();
        session.Options.SetRequestHeader("Origin", hub.Address.GetLeftPart(UriPartial.Authority));
        await session.ConnectAsync(new Uri($"ws://{hub.Address.Authority}/app/{slug}/_stcore/stream"), Cancellation);
        await hub.Supervisor.WaitForAsync(state => state.Find(key)!.ReadyRun!.Sessions == 1, Cancellation);
        hub.Supervisor.Post(new HubEvent.RestartRequested(key, Drain: true, Why: null, By: "test"));
        await hub.ReadyAsync(fresh, slug);
        await hub.Supervisor.WaitForAsync(state => state.Find(key)!.Runs.Any(run => run.State is RunState.Draining), Cancellation);
        return session;
    }
}
