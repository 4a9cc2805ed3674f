using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Access;

/// <summary>Registers the services of this folder and the dependencies of access decisions.</summary>
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
