using System.Net.WebSockets;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server;

/// <summary>A hub whose time passes when the test says so: a <see cref="ReadyApp"/> and one backend for its apps.</summary>
public abstract class TimedHub : IAsyncLifetime
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(5);

    private protected static readonly InstanceKey Demo = Key("demo");
    private protected static readonly InstanceKey Other = Key("other");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TestTime Time { get; } = new();

    private protected ReadyApp Hub { get; private set; } = null!;

    private protected RecordingBackend Backend { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Hub = await ReadyApp.StartAsync(time: Time);
        Backend = await RecordingBackend.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Backend.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static InstanceKey Key(string slug) => new(AppSlug.Parse(slug));

    /// <summary>Waits until the supervisor has taken in what it was told before.</summary>
    private protected Task HeardAsync() => Hub.Supervisor.AskAsync(HubEvent.Tick.Instance);

    /// <summary>Lets time pass after all that was told before, in steps that leave the hub its looks.</summary>
    private protected async Task PassAsync(TimeSpan span)
    {
        await HeardAsync();
        for (var left = span; left > TimeSpan.Zero; left -= LongestStep)
        {
            Time.Advance(left < LongestStep ? left : LongestStep);
            await HeardAsync();
        }
    }

    private protected InstanceStatus Status(InstanceKey key) => Hub.Supervisor.State.Find(key)!.Status;

    /// <summary>Lets an app stop as idle, and its process end.</summary>
    private protected async Task StopAsIdleAsync(InstanceKey key, RunId run)
    {
        await PassAsync(TimeSpan.FromMinutes(30));
        (key, Status(key)).Should().Be((key, InstanceStatus.Stopping));
        await Hub.Supervisor.AskAsync(new HubEvent.Exited(run, new ExitOutcome.Exited(0)));
    }

    /// <summary>Asks on a connection of its own, which ends when the hub is through with the request: a client has the answer before that.</summary>
    private protected Task<RawAnswer> AskAsync(string slug, string method, string path, params (string Name, string? Value)[] headers)
    {
        string[] lines =
        [
            $"Host: {Hub.Address.Authority}",
            .. method is "POST" or "PUT" ? (string[])["Content-Length: 0"] : [],
            .. headers.Where(header => header.Value is not null).Select(header => $"{header.Name}: {header.Value}"),
        ];
        return RawClient.AskAsync("127.0.0.1", Hub.Address.Port, method, $"/app/{slug}/{path}", lines);
    }

    private protected async Task<ClientWebSocket> ConnectAsync(params string[] protocols)
    {
        var socket = new ClientWebSocket();
        FromOurPage(socket.Options);
        Array.ForEach(protocols, socket.Options.AddSubProtocol);
        await socket.ConnectAsync(new Uri($"ws://{Hub.Address.Authority}/app/demo/_stcore/stream"), Cancellation);
        return socket;
    }

    private protected void FromOurPage(ClientWebSocketOptions options) => options.SetRequestHeader("Origin", Hub.Address.GetLeftPart(UriPartial.Authority));
}
