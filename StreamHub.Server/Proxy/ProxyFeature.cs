namespace StreamHub.Server.Proxy;

/// <summary>Registers this folder.</summary>
internal static class ProxyFeature
{
    public static IServiceCollection AddProxy(this IServiceCollection services) => services;
}
