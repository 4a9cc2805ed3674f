namespace StreamHub.Server.Instances;

/// <summary>Registers this folder.</summary>
internal static class InstancesFeature
{
    public static IServiceCollection AddInstances(this IServiceCollection services) => services;
}
