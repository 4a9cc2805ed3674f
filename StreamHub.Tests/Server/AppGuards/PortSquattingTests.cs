using System.Net.Http;
using System.Text.Json;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.AppGuards;

/// <summary>T5: an app that takes the port of another one gets none of its visitors.</summary>
public sealed class PortSquattingTests : IAsyncLifetime
{
    private const string Kim = ThreatHub.Kim;

    private readonly HttpClient direct = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private FullHub hub = null!;
    private InstanceKey victim;
    private Uri thief = null!;
    private int port;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Isolation would keep the thief from the port: this is what holds where the system has none.
        hub = await FullHub.StartAsync(null, "Apps:Isolation=false");
        victim = await hub.AddAppAsync("victim");
        await hub.AddUserAsync("kim", "user", Kim, "victim");
        port = (await hub.RunAsync(victim)).ReadyRun!.Process!.Endpoint.Port;
        thief = new Uri((await hub.RunAsync(await hub.AddScriptAsync("thief", "squatter.py"))).ReadyRun!.Process!.Endpoint.Origin);
    }

    public async ValueTask DisposeAsync()
    {
        direct.Dispose();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task An_app_that_stopped_listening_and_lives_on_is_not_replaced_by_who_took_its_port()
    {
        (await AskAsync()).Should().StartWith("200 ok ");
        await direct.GetStringAsync(new Uri(thief, $"take?{port}"), Cancellation);
        await direct.GetStringAsync(new Uri($"http://127.0.0.1:{port}/close"), Cancellation);
        await Eventually.TrueAsync(async () => (await TakenAsync()).IsBound);

        for (var i = 0; i < 20; i++)
        {
            (await AskAsync()).Should().StartWith("502 ");
            (await AskAsync("Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", $"Origin: http://{hub.Users.Authority}")).Should().StartWith("502 ");
        }

        hub.Supervisor.State.Find(victim)!.ReadyRun.Should().NotBeNull("its process lives");
        await OnlyWeReachedTheThiefAsync();
    }

    [Fact]
    public async Task An_app_that_died_is_not_replaced_by_who_took_its_port_before_the_hub_heard_of_it()
    {
        await direct.GetStringAsync(new Uri(thief, $"take?{port}"), Cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(FullHub.Patience);
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                // The last request comes when the thief has the port; it is held until the app has another.
                var answers = new HashSet<string>();
                bool isTaken;
                do
                {
                    isTaken = (await TakenAsync()).IsBound;
                    answers.Add(await AskAsync());
                }
                while (!isTaken && !patience.IsCancellationRequested);

                return answers;
            },
            Cancellation)).ToArray();
        await Eventually.TrueAsync(async () => (await AskAsync()).StartsWith("200 ok ", StringComparison.Ordinal));
        var killed = hub.Supervisor.State.Find(victim)!.ReadyRun!;
        await Tool.SignalAsync(killed.Process!.Identity.Pid, "KILL");

        var answers = (await Task.WhenAll(asking)).SelectMany(seen => seen).ToHashSet(StringComparer.Ordinal);
        answers.Should().OnlyContain(answer => answer.StartsWith("200 ok ", StringComparison.Ordinal) || answer.StartsWith("502 ", StringComparison.Ordinal) || answer.StartsWith("503 ", StringComparison.Ordinal));
        (await hub.WaitForAsync(victim, instance => instance.ReadyRun is { } next && next.Id != killed.Id)).ReadyRun!.Process!.Endpoint.Port.Should().NotBe(port);
        (await AskAsync()).Should().StartWith("200 ok ");
        await OnlyWeReachedTheThiefAsync();
    }

    /// <summary>The thief listens, and would have written down whoever came.</summary>
    private async Task OnlyWeReachedTheThiefAsync()
    {
        (await direct.GetStringAsync(new Uri($"http://127.0.0.1:{port}/ours"), Cancellation)).Should().Be("stolen");
        (await TakenAsync()).Requests.Should().Equal("/ours None");
    }

    private async Task<string> AskAsync(params string[] headers)
    {
        var answer = await RawClient.AskAsync(Kim, hub.Users.Port, "GET", "/app/victim/x", [$"Host: {hub.Users.Authority}", .. headers]);
        return $"{answer.Status} {answer.Body}";
    }

    private async Task<(bool IsBound, string[] Requests)> TakenAsync()
    {
        using var taken = JsonDocument.Parse(await direct.GetStringAsync(new Uri(thief, "taken"), Cancellation));
        return (taken.RootElement.GetProperty("bound").GetBoolean(), [.. taken.RootElement.GetProperty("requests").EnumerateArray().Select(request => request.GetString()!)]);
    }
}
