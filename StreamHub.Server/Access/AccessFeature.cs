using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Access;

/// <summary>Registers this folder, and what its decisions need of others.</summary>
internal static class AccessFeature
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ClientAddressResolver>();
        services.AddSingleton<CurrentPolicy>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<ReverseDns>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AdminBrowsers>();
        services.AddSingleton<RefusalWriter>();
        services.AddSingleton<AccessRequests>();
        services.AddSingleton<BearerTokenAuthenticator>();
        return services;
    }
}
