namespace StreamHub.Server.Admin;

/// <summary>Registers this folder.</summary>
internal static class AdminFeature
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services;
}
