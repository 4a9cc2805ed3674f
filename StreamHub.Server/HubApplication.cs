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

/// <summary>Composes the hub: its services and its request pipeline.</summary>
internal static class HubApplication
{
    /// <param name="args">Configuration as <c>--StreamHub:A:B=value</c>.</param>
    /// <param name="adjust">For tests: changes settings without a configuration key, such as Kestrel's timeouts.</param>
    /// <param name="replace">For tests: replaces services of the hub under the same pipeline.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration is invalid.</exception>
    public static WebApplication Build(string[] args, Func<HubSettings, HubSettings>? adjust = null, Action<IServiceCollection>? replace = null)
    {
        var builder = Begin(args);
        var settings = HubSettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
        settings = adjust?.Invoke(settings) ?? settings;
        string[] refused = [.. InsecureSettings.Find(builder.Configuration, builder.Environment.EnvironmentName, settings), .. StreamlitOptions.FindRequired(settings)];
        if (refused.Length > 0)
        {
            throw HubSettingsReader.Invalid(refused);
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

        // The caller is identified before any decision. The rate limit protects the later steps, and only the gate's few public paths continue
        // unauthenticated. After the gate: CSRF, limits, revocation of open connections.
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

    /// <summary>Runs the hub until it is stopped.</summary>
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
            // Stopped before the start completed: end the adopted runs as in any other stop.
            await app.StopAsync();
        }

        return exit.Code;
    }

    /// <summary>Reads the settings only, for commands without a server.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration is invalid.</exception>
    public static HubSettings Settings(string[] args)
    {
        var builder = Begin(args);
        return HubSettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
    }

    // Hub and commands read the same sources (appsettings.{Environment}.json among them); otherwise a command could use another database.
    private static WebApplicationBuilder Begin(string[] args) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ApplicationName = typeof(HubApplication).Assembly.GetName().Name,
        ContentRootPath = ContentRoot.Path,
    });
}
