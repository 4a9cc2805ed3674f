using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Access;
using StreamHub.Server.Admin.Audit;
using StreamHub.Server.Admin.Import;
using StreamHub.Server.Admin.Tokens;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;
using StreamHub.Server.Instances;
using StreamHub.Server.Proxy;

namespace StreamHub.Server.Admin;

/// <summary>Registers this folder.</summary>
internal static class AdminFeature
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddEditing();
        services.AddLocalization();
        services.AddApiDescription();
        services.AddSingleton(provider => new AdminActions(
            provider.GetRequiredService<Supervisor>(),
            provider.GetRequiredService<SessionTable>(),
            provider.GetRequiredService<RunOutput>(),
            provider.GetRequiredService<HoldStore>(),
            provider.GetRequiredService<ConfigurationEditor>(),
            provider.GetRequiredService<RequestDecisions>(),
            provider.GetRequiredService<AccessRequests>(),
            provider.GetRequiredService<TokenEditor>(),
            provider.GetRequiredService<UserImport>(),
            provider.GetRequiredService<ConfigurationStore>(),
            provider.GetRequiredService<PolicyInForce>(),
            provider.GetRequiredService<SteadyClock>()));
        services.AddSingleton(provider => new HistoryLog(
            provider.GetRequiredService<IDbContextFactory<HubDbContext>>(),
            provider.GetRequiredService<CapsuleStore>(),
            provider.GetRequiredService<HistoryWriter>(),
            provider.GetRequiredService<CapsuleWriter>()));
        services.AddHostedService<FirstRun>();
        services.AddHostedService<RestartRequests>();
        services.AddSingleton<WholeReadings>();
        return services;
    }

    /// <summary>What works on the database alone, without a running hub.</summary>
    public static IServiceCollection AddEditing(this IServiceCollection services) =>
        services.AddSingleton<ConfigurationEditor>().AddSingleton<ClaimTokens>().AddSingleton<RequestDecisions>().AddSingleton<TokenEditor>().AddSingleton<UserImport>()
            .AddSingleton(provider => new AuditLog(provider.GetRequiredService<IDbContextFactory<HubDbContext>>(), provider.GetRequiredService<AuditTrail>()));

    /// <summary>The REST API, its description and the claim link.</summary>
    public static void MapAdminApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApi.Map(endpoints);
        ClaimEndpoint.Map(endpoints);
    }

    /// <summary><c>/healthz</c> on both listeners, <c>/readyz</c> on the admins'.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints) => Health.Map(endpoints);
}
