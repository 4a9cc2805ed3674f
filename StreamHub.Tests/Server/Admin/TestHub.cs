using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StreamHub.Domain.Access;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Access;
using StreamHub.Server.Api;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Configuration.Entries;
using StreamHub.Server.Data;
using StreamHub.Server.Http;
using StreamHub.Server.Limits;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Admin;

/// <summary>The gate, the database and the editing of a hub on two real listeners; no supervisor.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication web;

    private TestHub(WebApplication app, HubSettings settings)
    {
        web = app;
        Settings = settings;
    }

    public HubSettings Settings { get; }

    public ConfigurationStore Store => web.Services.GetRequiredService<ConfigurationStore>();

    public ConfigurationEditor Editor => web.Services.GetRequiredService<ConfigurationEditor>();

    public ClaimTokens Tokens => web.Services.GetRequiredService<ClaimTokens>();

    public T Get<T>()
        where T : notnull => web.Services.GetRequiredService<T>();

    public string Address(Listener listener) =>
        web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt((int)listener);

    public static HubSettings NewSettings(params string[] proxies) => new(
        Directory.CreateTempSubdirectory("streamhub").FullName,
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
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(settings.UsersListener, options => Mark(options, Listener.Users));
            kestrel.Listen(settings.AdminListener, options => Mark(options, Listener.Admin));
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SteadyClock>();
        builder.Services.AddSingleton<OwnAddresses>().AddSingleton<OwnHostNames>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ListenerMatcherPolicy>());
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        builder.Services.AddData().AddAccess().AddLimits().AddEditing();
        builder.Services.AddSingleton<ClaimEndpoint>().AddRazorComponents();
        builder.Services.AddSingleton<RefusalPage>((context, address, decision) =>
            context.Response.WriteAsync($"page {address} {decision?.GetType().Name}"));
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseMiddleware<CallerIdentification>().UseMiddleware<HostCheck>().UseMiddleware<Gate>().UseMiddleware<OriginCheck>().UseMiddleware<SocketLimit>().UseMiddleware<AdminSockets>();
        app.UseRouting();
        app.Services.GetRequiredService<ClaimEndpoint>().Map(app);
        app.Map("/who", (HttpContext context) => context.Visitor().User.Name.ToString()).OnListener(Listener.Users, Listener.Admin);
        app.Map("/api/v1/who", (HttpContext context) => context.Visitor().User.Name.ToString()).OnListener(Listener.Admin);
        app.Map("/_blazor", () => "circuit").OnListener(Listener.Admin);
        app.Map("/hubs/live", () => "live").OnListener(Listener.Admin);
        app.MapGet("/healthz", () => "ok").OnListener(Listener.Users, Listener.Admin);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var hub = new TestHub(app, settings);
        if (users.Length > 0)
        {
            var result = await hub.Editor.ApplyAsync(new HubFile { Users = users }, [], plan: false, new Actor("test", null), CancellationToken.None);
            result.Errors.Should().BeEmpty();
        }

        return hub;
    }

    /// <summary>Asks from a loopback address of one's own.</summary>
    public async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> AskAsync(
        string path, string from = "127.0.0.1", Listener listener = Listener.Users, string method = "GET", params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
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

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync();
        await web.DisposeAsync();
    }

    private static void Mark(ListenOptions options, Listener listener) =>
        options.Use(next => connection =>
        {
            connection.Features.Set(new ListenerFeature(listener));
            return next(connection);
        });
}
