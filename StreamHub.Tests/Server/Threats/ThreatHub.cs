using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>
/// The whole hub with two apps, whose real processes relay to backends that write down what reaches them. kim may open
/// sales, lee may open salesx, boss is an admin, and a stranger is nobody. Two known proxies stand in front.
/// The tests of a class, which follow one another, share it: what reached a backend is then told for certain.
/// </summary>
public sealed class ThreatHub : IAsyncLifetime
{
    public const string Unregistered = "127.0.0.9";
    public const string Lee = "127.0.0.8";
    public const string Kim = "127.0.0.7";
    public const string Boss = "127.0.0.2";
    public const string Proxy = "127.0.0.40";

    // The same people behind the proxies: there this machine's own addresses are nobody's.
    public const string FarLee = "198.51.100.8";
    public const string FarKim = "198.51.100.7";
    public const string FarBoss = "198.51.100.2";
    public const string FarProxy = "198.51.100.41";

    public static readonly string[] Personas = [Unregistered, Lee, Kim, Boss];

    public FullHub Hub { get; private set; } = null!;

    internal RecordingBackend Sales { get; private set; } = null!;

    internal RecordingBackend SalesX { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Sales = await RecordingBackend.StartAsync();
        SalesX = await RecordingBackend.StartAsync();
        Hub = await FullHub.StartAsync(null, $"KnownProxies:0={Proxy}", $"KnownProxies:1={FarProxy}");
        await AddAppAsync(Hub, "sales", Sales);
        await AddAppAsync(Hub, "salesx", SalesX);
        await AddUserAsync("boss", "admin", [Boss, FarBoss]);
        await AddUserAsync("kim", "user", [Kim, FarKim], "sales");
        await AddUserAsync("lee", "user", [Lee, FarLee], "salesx");
        Reset();
    }

    /// <summary>Lets the backends answer as usual, and forgets what they have seen.</summary>
    public void Reset()
    {
        Sales.Answer = context => AnswerAsync(context, "sales");
        SalesX.Answer = context => AnswerAsync(context, "salesx");
        Forget();
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sales.DisposeAsync();
        await SalesX.DisposeAsync();
    }

    /// <summary>The port of a listener.</summary>
    public int Port(Listener listener) => (listener == Listener.Users ? Hub.Users : Hub.Admin).Port;

    /// <summary>The authority of a listener as browsers name it.</summary>
    public string Authority(Listener listener) => $"127.0.0.1:{Port(listener)}";

    /// <summary>Sends what a head line and further lines say, to their end.</summary>
    internal Task<RawAnswer> AskAsync(string source, Listener listener, string method, string target, params string[] headers) =>
        RawClient.AskAsync(source, Port(listener), method, target, [$"Host: {Authority(listener)}", .. headers]);

    /// <summary>Sends a form as a page of the users' listener does.</summary>
    internal Task<RawAnswer> PostFormAsync(string source, string target, params (string Name, string Value)[] fields)
    {
        var authority = Authority(Listener.Users);
        var body = string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        string[] lines =
        [
            $"POST {target} HTTP/1.1", $"Host: {authority}", $"Origin: http://{authority}", "Content-Type: application/x-www-form-urlencoded",
            $"Content-Length: {body.Length}", "Connection: close", "", body,
        ];
        return RawClient.SendAsync(source, Port(Listener.Users), Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
    }

    /// <summary>What the backends have seen since the last look, as "app METHOD target".</summary>
    internal string[] Seen()
    {
        string[] seen = [.. Sales.Seen.Select(request => $"sales {request.Method} {request.Target}"), .. SalesX.Seen.Select(request => $"salesx {request.Method} {request.Target}")];
        Forget();
        return seen;
    }

    /// <summary>Registers and starts an app that relays to a backend.</summary>
    internal static async Task AddAppAsync(FullHub hub, string slug, RecordingBackend backend, string? name = null)
    {
        var relay = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "relay.py");
        var entry = new AppEntry { Slug = slug, Name = name ?? slug, Runtime = "command", Command = ["python3", relay, "{port}", $"{backend.Port}"], Health = RecordingBackend.Health };
        (await hub.Editor.SaveAppAsync(entry, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await hub.RunAsync(new InstanceKey(AppSlug.Parse(slug)));
    }

    private async Task AddUserAsync(string name, string role, string[] addresses, params string[] apps) =>
        (await Hub.Editor.SaveUserAsync(new UserEntry { Name = name, Role = role, Addresses = addresses, Apps = apps }, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();

    private static async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, string app)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $"content of {app}");
    }

    private void Forget()
    {
        Sales.Seen.Clear();
        SalesX.Seen.Clear();
    }
}
