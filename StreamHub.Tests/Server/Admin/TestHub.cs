using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Admin;

/// <summary>A hub without its first claim link, with endpoints that say who is let in; what refuses says whom and why.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly FullHub hub;

    private TestHub(FullHub hub, HubSettings settings)
    {
        this.hub = hub;
        Settings = settings;
    }

    public HubSettings Settings { get; }

    public ConfigurationStore Store => Get<ConfigurationStore>();

    public ConfigurationEditor Editor => Get<ConfigurationEditor>();

    public ClaimTokens Tokens => Get<ClaimTokens>();

    public T Get<T>()
        where T : notnull => hub.Get<T>();

    public string Address(Listener listener) => (listener == Listener.Users ? hub.Users : hub.Admin).GetLeftPart(UriPartial.Authority);

    public static HubSettings NewSettings(params string[] proxies) => new(
        TestDirectory.Create(),
        new IPEndPoint(IPAddress.Loopback, 0),
        new IPEndPoint(IPAddress.Loopback, 0),
        ["hub.test"],
        [.. proxies.Select(ClientAddress.Parse)],
        "python3",
        18500,
        18999,
        new SupervisionLimits());

    public static async Task<TestHub> StartAsync(HubSettings? settings = null, params UserEntry[] users)
    {
        settings ??= NewSettings();
        var started = new TestHub(await FullHub.StartVariantAsync(new HubVariant(_ => settings, Replace, Map), settings.DataDirectory), settings);
        if (users.Length > 0)
        {
            var result = await started.Editor.ApplyAsync(new HubFile { Users = users }, [], plan: false, new Actor("test", null), CancellationToken.None);
            result.Errors.Should().BeEmpty();
        }

        return started;
    }

    /// <summary>Asks from a loopback address of one's own.</summary>
    public async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> AskAsync(
        string path, string from = "127.0.0.1", Listener listener = Listener.Users, string method = "GET", params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) => new NetworkStream(await RawClient.ConnectAsync(from, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(new HttpMethod(method), Address(listener) + path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    private static void Replace(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(FirstRun)));
        services.AddSingleton<FirstApps>(_ => Task.FromResult<IReadOnlyList<App>>([]));
        services.AddSingleton<RefusalPage>((context, address, decision) => context.Response.WriteAsync($"page {address} {decision?.GetType().Name}"));
    }

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/who", (HttpContext context) => context.Visitor().User.Name.ToString()).OnListener(Listener.Users, Listener.Admin);
        endpoints.Map("/api/v1/who", (HttpContext context) => context.Visitor().User.Name.ToString()).OnListener(Listener.Admin);
    }
}
