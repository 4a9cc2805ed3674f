using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Demo;

/// <summary>Registers this folder.</summary>
internal static class DemoFeature
{
    public static IServiceCollection AddDemo(this IServiceCollection services) => services.AddSingleton<RuntimeAdapter, DemoRuntime>();
}
