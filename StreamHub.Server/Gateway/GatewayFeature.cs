using StreamHub.Server.Home;
using StreamHub.Server.Listeners;
using StreamHub.Server.Requests;
using StreamHub.Server.Sessions;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Gateway;

/// <summary>Registers the gateway to the apps.</summary>
internal static class GatewayFeature
{
    public static IServiceCollection AddProxy(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<WaitingRooms>();
        services.AddSingleton<AppForwarder>();
        services.AddSingleton<AppStatusReader>();
        services.AddSingleton<AppAnswers>();
        services.AddSingleton<RootLinks>();
        services.AddSingleton<RunSelector>();
        services.AddSingleton<AppGateway>();
        services.AddSingleton<StatusEndpoints>();
        services.AddSingleton<UserEndpoints>();
        services.AddSingleton<RequestEndpoint>();
        return services;
    }

    /// <summary>Maps the apps, their status, home and shell on the users' listener.</summary>
    public static void MapProxy(this IEndpointRouteBuilder endpoints)
    {
        var gateway = endpoints.ServiceProvider.GetRequiredService<AppGateway>();
        endpoints.Map("/app/{**rest}", gateway.HandleAsync).OnListener(Listener.Users);
        endpoints.ServiceProvider.GetRequiredService<StatusEndpoints>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<UserEndpoints>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<RequestEndpoint>().Map(endpoints);
    }
}
