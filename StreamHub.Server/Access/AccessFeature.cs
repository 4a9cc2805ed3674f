namespace StreamHub.Server.Access;

/// <summary>Registers this folder.</summary>
internal static class AccessFeature
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services;
}
