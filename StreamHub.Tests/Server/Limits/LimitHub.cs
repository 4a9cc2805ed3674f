using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Limits;

/// <summary>A hub with limits of a test's choice and one app, sales, which kim (who floods) and lee (who does not) may open. boss is an admin.</summary>
internal sealed class LimitHub : IAsyncDisposable
{
    public const string Unregistered = "127.0.0.9";
    public const string Lee = "127.0.0.8";
    public const string Kim = "127.0.0.7";
    public const string Boss = "127.0.0.2";
    public const string Proxy = "127.0.0.40";

    /// <summary>Kim and lee behind the proxy.</summary>
    public const string FarKim = "198.51.100.7", FarLee = "198.51.100.8";

    private readonly PersonaClient lee = new(Lee);

    private LimitHub(FullHub hub, RecordingBackend backend)
    {
        Hub = hub;
        Backend = backend;
    }

    public FullHub Hub { get; }

    public RecordingBackend Backend { get; }

    public static async Task<LimitHub> StartAsync(params string[] limits)
    {
        var backend = await RecordingBackend.StartAsync();
        var hub = await FullHub.StartAsync(null, [$"KnownProxies:0={Proxy}", .. limits.Select(limit => $"Limits:{limit}")]);
        await ThreatHub.AddAppAsync(hub, "sales", backend);
        await hub.AddUserAsync("boss", "admin", Boss);
        foreach (var (name, near, far) in new[] { ("kim", Kim, FarKim), ("lee", Lee, FarLee) })
        {
            var entry = new UserEntry { Name = name, Addresses = [near, far], Apps = ["sales"] };
            (await hub.Editor.SaveUserAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        }

        return new LimitHub(hub, backend);
    }

    public int Port(Listener listener = Listener.Users) => (listener == Listener.Users ? Hub.Users : Hub.Admin).Port;

    /// <summary>Lee opens pages of the hub and of the app, and gets them.</summary>
    public async Task LeeIsServedAsync(int times = 5)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var path in (string[])["", "app/sales/x"])
            {
                using var answer = await lee.Http.GetAsync(new Uri(Hub.Users, path), TestContext.Current.CancellationToken);
                answer.StatusCode.Should().Be(HttpStatusCode.OK, $"somebody else floods, not {Lee}, who asks for /{path}");
            }
        }
    }

    /// <summary>Opens a WebSocket of the app as lee, and hears its echo.</summary>
    public async Task LeesSocketWorksAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = await lee.ConnectAsync(
            new UriBuilder(Hub.Users) { Scheme = "ws", Path = "app/sales/stream" }.Uri, options => options.SetRequestHeader("Origin", Hub.Users.GetLeftPart(UriPartial.Authority)), cancellation);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        var buffer = new byte[16];
        Encoding.ASCII.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, cancellation)).Count).Should().Be("hello");
    }

    /// <summary>The head of a WebSocket's opening.</summary>
    public byte[] Opening(string path = "/app/sales/stream") => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {Hub.Users.Authority}\r\nOrigin: http://{Hub.Users.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    /// <summary>A request on an open connection, and the head of the answer.</summary>
    public async Task<string> AskAsync(Socket socket, string target, CancellationToken cancellationToken, params string[] headers)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", [$"GET {target} HTTP/1.1", $"Host: {Hub.Users.Authority}", .. headers, "", ""])), cancellationToken);
        return await HeadAsync(socket, cancellationToken);
    }

    /// <summary>What comes until the end of a head (or of the connection); of an answer with a body it may hold the beginning of that.</summary>
    public static async Task<string> HeadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        lee.Dispose();
        await Hub.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
