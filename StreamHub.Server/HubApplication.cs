using StreamHub.Server.Access;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Api;
using StreamHub.Server.Checks;
using StreamHub.Server.Data;
using StreamHub.Server.Demo;
using StreamHub.Server.Gateway;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Limits;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;
using StreamHub.Server.Telemetry;

namespace StreamHub.Server;

/// <summary>The hub, put together: what it is made of, and the way of a request through it.</summary>
internal static class HubApplication
{
    /// <summary>Builds the hub.</summary>
    /// <param name="args">Configuration of the form <c>--StreamHub:A:B=value</c>.</param>
    /// <param name="adjust">For tests: what no configuration sets, such as Kestrel's patience.</param>
    /// <param name="replace">For tests: services that take the place of the hub's own, under the same pipeline.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration cannot be used.</exception>
    public static WebApplication Build(string[] args, Func<HubSettings, HubSettings>? adjust = null, Action<IServiceCollection>? replace = null)
    {
        var builder = Begin(args);
        var settings = HubSettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
        settings = adjust?.Invoke(settings) ?? settings;
        string[] insecure = [.. InsecureSettings.Find(builder.Configuration, builder.Environment.EnvironmentName, settings)];
        if (insecure.Length > 0)
        {
            throw HubSettingsReader.Invalid(insecure);
        }

        builder.WebHost.UseStaticWebAssets().ConfigureKestrel(kestrel => kestrel.ListenOn(settings, static listener => listener.LimitConnections().RefuseOwnApps()));
        builder.Services.AddSystemd().AddWindowsService()
            .AddSingleton(settings)
            .AddListeners(settings)
            .AddLifetime(settings)
            .AddHttp(settings)
            .AddData()
            .AddAccess()
            .AddLimits()
            .AddInstances()
            .AddRuntimes()
            .AddStreamlit()
            .AddDemo()
            .AddProxy()
            .AddUserPages()
            .AddTelemetry()
            .AddAdmin()
            .AddAdminPages();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseRequestLocalization();
        app.UseErrorPage();
        app.UseSecurityHeaders();

        // Who calls is known before anything is decided; the rate limit spares the rest the work, and nothing but the gate's few open paths
        // goes on unauthenticated. What follows the gate is CSRF, then limits and revocation of what stays open.
        app.UseMiddleware<CallerIdentification>();
        app.UseMiddleware<RequestRate>();
        app.UseMiddleware<HostCheck>();
        app.UseMiddleware<MessageCheck>();
        app.UseMiddleware<Gate>();
        app.UseMiddleware<OriginCheck>();
        app.UseMiddleware<SocketLimit>();
        app.UseMiddleware<AdminSockets>();

        app.UseRouting();
        app.UseAntiforgery();
        app.MapHubFiles();
        app.MapHealth();
        app.MapProxy();
        app.MapUserPages();
        app.MapAdminPages();
        app.MapLive();
        app.MapAdminApi();
        return app;
    }

    /// <summary>Runs the hub until it is asked to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Build(args);
        var exit = app.Services.GetRequiredService<HubExit>();
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to end before it had begun, it ends what it took over as at any other time.
            await app.StopAsync();
        }

        return exit.Code;
    }

    /// <summary>The settings alone, for verbs that need no server.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration cannot be used.</exception>
    public static HubSettings Settings(string[] args)
    {
        var builder = Begin(args);
        return HubSettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
    }

    // Hub and verbs read the same sources (the environment's file is one), or a verb would work on another database.
    private static WebApplicationBuilder Begin(string[] args) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ApplicationName = typeof(HubApplication).Assembly.GetName().Name,
        ContentRootPath = ContentRoot.Path,
    });
}
