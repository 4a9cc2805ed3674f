using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.History;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users.Import;

namespace StreamHub.Server.Api;

/// <summary>Registers the admin API and its use cases.</summary>
internal static class AdminFeature
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddEditing();
        services.AddLocalization();
        services.AddApiDescription();
        services.AddSingleton<AppControl>();
        services.AddSingleton<StartDetails>();
        services.AddSingleton(provider => new HistoryLog(
            provider.GetRequiredService<IDbContextFactory<HubDbContext>>(),
            provider.GetRequiredService<CrashReportStore>(),
            provider.GetRequiredService<HistoryWriter>(),
            provider.GetRequiredService<CrashReportWriter>()));
        services.AddHostedService<FirstRun>();
        services.AddHostedService<RestartRequests>();
        services.AddSingleton<FullReads>();
        services.AddSingleton<ClaimEndpoint>();
        return services;
    }

    /// <summary>Registers the use cases that need only the database, for commands without a running hub.</summary>
    public static IServiceCollection AddEditing(this IServiceCollection services) =>
        services.AddSingleton<ConfigurationEditor>().AddSingleton<ClaimTokens>().AddSingleton<RequestDecisions>().AddSingleton<TokenEditor>().AddSingleton<UserImport>()
            .AddSingleton(provider => new AuditLog(provider.GetRequiredService<IDbContextFactory<HubDbContext>>(), provider.GetRequiredService<AuditTrail>()));

    /// <summary>Maps the REST API, its OpenAPI description and the claim link.</summary>
    public static void MapAdminApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApi.Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<ClaimEndpoint>().Map(endpoints);
    }

    /// <summary>Maps <c>/healthz</c> on both listeners and <c>/readyz</c> on the admin listener.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints) => HealthEndpoints.Map(endpoints);
}
