namespace StreamHub.Server.Runtimes;

/// <summary>Registers this folder. Streamlit and the demo app register the adapters of theirs.</summary>
internal static class RuntimesFeature
{
    public static IServiceCollection AddRuntimes(this IServiceCollection services) => services
        .AddSingleton<RuntimeAdapter, CommandRuntime>()
        .AddSingleton<RuntimeAdapters>()
        .AddSingleton<LaunchPlanner>();
}
