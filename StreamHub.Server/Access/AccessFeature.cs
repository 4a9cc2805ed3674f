namespace StreamHub.Server.Access;

/// <summary>Registers this folder.</summary>
internal static class AccessFeature
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<ClientAddressResolver>();
        services.AddSingleton<OwnHosts>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<HostNames>();
        services.AddSingleton<AccessRequests>();
        services.AddSingleton<DeviceCookie>();
        return services;
    }

    /// <summary>Refuses names that are not the hub's.</summary>
    public static IApplicationBuilder UseHostCheck(this IApplicationBuilder app) => app.UseMiddleware<HostCheck>();

    /// <summary>Refuses what could be read in more ways than one.</summary>
    public static IApplicationBuilder UseMessageCheck(this IApplicationBuilder app) => app.UseMiddleware<MessageCheck>();

    /// <summary>Lets registered addresses in, for as long as they are; on the admin listener only what admins' own pages and programs ask for.</summary>
    public static IApplicationBuilder UseGate(this IApplicationBuilder app) =>
        app.UseMiddleware<Gate>().UseMiddleware<OriginCheck>().UseMiddleware<AdminSockets>();
}
