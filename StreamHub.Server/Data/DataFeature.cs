namespace StreamHub.Server.Data;

/// <summary>Registers this folder.</summary>
internal static class DataFeature
{
    public static IServiceCollection AddData(this IServiceCollection services) => services;
}
