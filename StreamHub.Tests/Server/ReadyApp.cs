using System.Net.Http;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Health;
using StreamHub.Server.Limits;
using StreamHub.Server.Runs;
using StreamHub.Server.Sessions;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;
using StreamHub.Server.Telemetry;

namespace StreamHub.Tests.Server;

/// <summary>
/// A hub with the Streamlit apps demo and foreign, the command app other, and files, which serves at /. The test puts their configuration into force. kim may open all but foreign.
/// The runs are made ready by events, as the process host would.
/// </summary>
internal sealed class ReadyApp : IAsyncDisposable
{
    public static readonly AppSlug Demo = AppSlug.Parse("demo");

    private static readonly string[] Slugs = ["demo", "other", "files", "foreign"];

    private readonly FullHub hub;

    private ReadyApp(FullHub hub, User user)
    {
        this.hub = hub;
        User = user;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public Uri Address => hub.Users;

    public HttpClient Client { get; }

    public User User { get; private set; }

    public string DataDirectory => hub.Directory;

    public Supervisor Supervisor => hub.Supervisor;

    public SessionTable Sessions => hub.Get<SessionTable>();

    /// <summary>The open connections of visitors.</summary>
    public int Connections => hub.Get<ConnectionLimit>().Of(Listener.Users).Taken;

    public T Get<T>()
        where T : notnull => hub.Get<T>();

    /// <param name="staticFolder">Where Streamlit's web files are; null for nowhere.</param>
    /// <param name="asksRuns">Whether the runs tell that instead.</param>
    public static async Task<ReadyApp> StartAsync(string? staticFolder = null, TimeProvider? time = null, bool asksRuns = false)
    {
        var started = await FullHub.StartVariantAsync(new HubVariant(Replace: services =>
        {
            services.AddSingleton<IEffectRunner, NoEffects>().AddSingleton<ListenerProof>(_ => true);
            if (!asksRuns)
            {
                services.AddSingleton<StreamlitFolders>(_ => staticFolder is null ? [] : [new StreamlitFolder(staticFolder, IsOfRun: true)]);
            }

            services.AddSingleton(time ?? TimeProvider.System);

            // What the test puts into force stays in force, and only visitors are seen at the backend. Nothing is measured at processes that are not there.
            Type[] left = [typeof(ConfigurationReloader), typeof(RunChecks), typeof(RunFolderLimiter), typeof(Sampler)];
            foreach (var service in services.Where(service => left.Contains(service.ImplementationType)).ToArray())
            {
                services.Remove(service);
            }
        }));
        var ready = new ReadyApp(started, new User(UserName.Parse("김 kim"), Role.User, [AddressRange.Parse("127.0.0.1")], [Demo, AppSlug.Parse("other"), AppSlug.Parse("files")]));
        ready.Configure(ready.User);
        await ready.Supervisor.WaitForAsync(state => state.Apps.Count == Slugs.Length, TestContext.Current.CancellationToken);
        return ready;
    }

    /// <summary>Puts the user into force; another set of apps or addresses revokes.</summary>
    /// <param name="maxSessions">Sessions that a run of an app takes at once.</param>
    public void Configure(User next, int? maxSessions = null)
    {
        User = next;
        App[] apps = [.. Slugs.Select(slug => new App(AppSlug.Parse(slug), $"The {slug}", slug switch
        {
            "other" => new AppRuntime.Command(["serve"], null),
            "files" => new AppRuntime.Command(["serve"], null) { Prefix = PrefixMode.Strip },
            _ => new AppRuntime.Streamlit("/x.py", null),
        }) { MaxSessions = maxSessions })];
        hub.Get<ConfigurationStore>().Swap(HubConfiguration.Create([next], apps));
    }

    /// <summary>Makes an app ready at a backend.</summary>
    public Task<RunId> ReadyAsync(RecordingBackend backend, string slug = "demo") => ReadyAsync(backend.Port, slug);

    /// <summary>Makes an app ready at a port.</summary>
    public Task<RunId> ReadyAsync(int port, string slug) => NoEffects.ReadyAsync(Supervisor, new InstanceKey(AppSlug.Parse(slug)), port);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // Open connections are not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await hub.StopAsync(now.Token);
    }
}
