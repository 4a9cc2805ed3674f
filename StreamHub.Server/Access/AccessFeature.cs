using Microsoft.AspNetCore.Server.Kestrel.Core;
using StreamHub.Server.Http;
using StreamHub.Server.Limits;
using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Access;

/// <summary>Registers this folder.</summary>
internal static class AccessFeature
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ClientAddressResolver>();
        services.AddSingleton<OwnHostNames>();
        services.AddSingleton<CurrentPolicy>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<ReverseDns>();
        services.AddSingleton<AccessRequests>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AdminBrowsers>();
        services.AddSingleton<ClientClassifier>();
        services.AddSingleton<ConnectionLimit>();
        services.AddSingleton<RequestBuckets>();
        services.AddSingleton<SocketCounts>();
        services.AddHostedService<ProtocolErrors>();
        services.AddSingleton<BearerTokenAuthenticator>();
        return services;
    }

    /// <summary>Closes a listener's connections beyond what clients may have.</summary>
    public static ListenOptions LimitConnections(this ListenOptions listener)
    {
        listener.Use(next =>
        {
            var limit = listener.ApplicationServices.GetRequiredService<ConnectionLimit>();
            return connection => limit.InvokeAsync(next, connection);
        });
        return listener;
    }

    /// <summary>Refuses requests beyond what their address may make.</summary>
    public static IApplicationBuilder UseRequestRate(this IApplicationBuilder app) => app.UseMiddleware<RequestRate>();

    /// <summary>Refuses names that are not the hub's.</summary>
    public static IApplicationBuilder UseHostCheck(this IApplicationBuilder app) => app.UseMiddleware<HostCheck>();

    /// <summary>Refuses what could be read in more ways than one.</summary>
    public static IApplicationBuilder UseMessageCheck(this IApplicationBuilder app) => app.UseMiddleware<MessageCheck>();

    /// <summary>Lets registered addresses in, for as long as they are; on the admin listener only what admins' own pages and programs ask for.</summary>
    public static IApplicationBuilder UseGate(this IApplicationBuilder app) =>
        app.UseMiddleware<Gate>().UseMiddleware<OriginCheck>().UseMiddleware<SocketLimit>().UseMiddleware<AdminSockets>();
}
