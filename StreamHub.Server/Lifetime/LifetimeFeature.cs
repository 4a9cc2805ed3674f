using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>Registers this folder, and the process's clocks.</summary>
internal static class LifetimeFeature
{
    public static IServiceCollection AddLifetime(this IServiceCollection services, HubSettings settings)
    {
        services.AddHubLogging(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SteadyClock>();
        services.AddSingleton<HubExit>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Limits.StopGrace + TimeSpan.FromSeconds(10));
        return services;
    }
}
