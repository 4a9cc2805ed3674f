using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;
using StreamHub.Server.Visits;

namespace StreamHub.Server.Data;

/// <summary>Registers the database and the services that watch it.</summary>
internal static class DataFeature
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddDatabase();
        services.AddHostedService(provider => provider.GetRequiredService<DatabasePreparation>());
        services.AddHostedService<ConfigurationReloader>();
        services.AddSingleton<VisitLog>();
        services.AddHostedService(provider => provider.GetRequiredService<VisitLog>());
        services.AddSingleton<RefusalLog>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusalLog>());
        services.AddSingleton<TokenUses>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenUses>());
        return services;
    }

    /// <summary>Registers the database only, for commands.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseHealth>();
        services.AddDbContextFactory<HubDbContext>((provider, options) => HubDatabase.Configure(
            options, provider.GetRequiredService<HubSettings>().DataDirectory, provider.GetRequiredService<DatabaseHealth>()));
        services.AddSingleton<ConfigurationStore>();
        services.AddSingleton<StoredEntries>();
        services.AddSingleton<ConfigurationLoader>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<DatabasePreparation>();
        return services;
    }
}
