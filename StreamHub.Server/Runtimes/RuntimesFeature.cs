namespace StreamHub.Server.Runtimes;

/// <summary>Registers this folder. The Streamlit and Demo folders register their own adapters.</summary>
internal static class RuntimesFeature
{
    public static IServiceCollection AddRuntimes(this IServiceCollection services) => services
        .AddSingleton<RuntimeAdapter, CommandRuntime>()
        .AddSingleton<RuntimeAdapters>()
        .AddSingleton<LaunchPlanner>();
}
