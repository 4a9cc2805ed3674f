using StreamHub.Server.Lifetime;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>Registers this folder.</summary>
internal static class StreamlitFeature
{
    public static IServiceCollection AddStreamlit(this IServiceCollection services) => services
        .AddSingleton<StreamlitInstallations>()
        .AddSingleton<StreamlitStaticFolder>(static provider =>
        {
            var installations = provider.GetRequiredService<StreamlitInstallations>();
            return app => installations.Known(app)?.StaticFolder;
        })
        .AddSingleton<StreamlitAssets>()
        .AddSingleton<StreamlitVisit>()
        .AddSingleton<RuntimeAdapter, StreamlitRuntime>()
        .AddSingleton<FirstApps>(static provider => cancellationToken => HelloApp.FindAsync(
            provider.GetRequiredService<HubSettings>(), provider.GetRequiredService<StreamlitInstallations>(), cancellationToken));
}
