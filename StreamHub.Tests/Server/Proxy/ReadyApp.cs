using System.Net;
using System.Net.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Access;
using StreamHub.Server.AppGuards;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Demo;
using StreamHub.Server.Gateway;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Sessions;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>
/// A hub's users' side on a real socket, with the apps demo, other and foreign. kim may open demo and other.
/// The runs are made ready by events, as the process host would.
/// </summary>
internal sealed class ReadyApp : IAsyncDisposable
{
    public static readonly AppSlug Demo = AppSlug.Parse("demo");

    private readonly WebApplication hub;
    private readonly string directory;
    private User user;

    private ReadyApp(WebApplication hub, string directory, User user)
    {
        this.hub = hub;
        this.directory = directory;
        this.user = user;
    }

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Supervisor Supervisor => hub.Services.GetRequiredService<Supervisor>();

    public SessionTable Sessions => hub.Services.GetRequiredService<SessionTable>();

    public static async Task<ReadyApp> StartAsync(string? staticFolder = null, TimeProvider? time = null)
    {
        var data = Directory.CreateTempSubdirectory("streamhub-").FullName;
        var kim = new User(UserName.Parse("김 kim"), Role.User, [AddressRange.Parse("127.0.0.1")], [Demo, AppSlug.Parse("other")]);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = data });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Use(next => connection =>
        {
            connection.Features.Set(new ListenerFeature(Listener.Users));
            return next(connection);
        })));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(new HubSettings(data, new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 8081), [], [], "python3", 18500, 18999, new()));
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton<SteadyClock>().AddSingleton<BoundListeners>().AddSingleton<OwnAddresses>().AddSingleton<RunStore>().AddSingleton<RunOutput>().AddSingleton<MemoryGauge>();
        builder.Services.AddSingleton<AppConnector>().AddSingleton<ListenerProof>(_ => true).AddSingleton<RunSecrets>();
        builder.Services.AddSingleton<IEffectRunner, NoEffects>().AddSingleton<Supervisor>().AddHostedService(services => services.GetRequiredService<Supervisor>());
        builder.Services.AddDatabase().AddAccess().AddSingleton<RefusalLog>();
        builder.Services.AddProxy().AddRuntimes().AddDemo().AddStreamlit().AddSingleton<StreamlitStaticFolder>(_ => staticFolder);
        var server = builder.Build();
        var ready = new ReadyApp(server, data, kim);
        server.Use((context, next) =>
        {
            context.Features.Set(new Visitor(ClientAddress.From(context.Connection.RemoteIpAddress!), ready.user));
            context.Features.Set(context.RequestServices.GetRequiredService<ConfigurationStore>().Current);
            return next(context);
        });
        server.UseRequestLocalization(options => options.AddSupportedCultures("en", "ko").AddSupportedUICultures("en", "ko").SetDefaultCulture("en"));
        server.UseSecurityHeaders();
        server.UseMessageCheck().UseMiddleware<OriginCheck>();
        server.UseRouting();
        server.MapProxy();
        server.MapUserPages();
        await server.StartAsync();
        ready.Address = new Uri(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        ready.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = ready.Address };
        ready.Configure(kim);
        await ready.Supervisor.WaitForAsync(state => !state.Apps.IsEmpty, TestContext.Current.CancellationToken);
        return ready;
    }

    /// <summary>Puts the user into force; another set of apps or addresses revokes.</summary>
    /// <param name="next">The user.</param>
    /// <param name="maxSessions">Sessions that a run of an app takes at once.</param>
    public void Configure(User next, int? maxSessions = null)
    {
        user = next;
        App[] apps = [.. new[] { "demo", "other", "foreign" }.Select(slug => new App(AppSlug.Parse(slug), $"The {slug}", new AppRuntime.Streamlit("/x.py", null)) { MaxSessions = maxSessions })];
        hub.Services.GetRequiredService<ConfigurationStore>().Swap(HubConfiguration.Create([next], apps));
        Supervisor.Post(new HubEvent.AppsChanged([.. apps]));
    }

    public User User => user;

    /// <summary>Makes an app ready at a backend.</summary>
    public async Task<RunId> ReadyAsync(RecordingBackend backend, string slug = "demo")
    {
        var key = new InstanceKey(AppSlug.Parse(slug));
        var cancellation = TestContext.Current.CancellationToken;
        Supervisor.Post(new HubEvent.Requested(key));
        var starting = await Supervisor.WaitForAsync(state => state.Find(key)?.StartingRun is not null, cancellation);
        var run = starting.Find(key)!.StartingRun!.Id;
        Supervisor.Post(new HubEvent.Launched(run, new RunProcess(new ProcessIdentity(1, 1, "test"), new AppEndpoint(backend.Port))));
        Supervisor.Post(new HubEvent.BecameReady(run));
        await Supervisor.WaitForAsync(state => state.Find(key)?.ReadyRun is not null, cancellation);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await hub.StopAsync(now.Token);
        await hub.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
