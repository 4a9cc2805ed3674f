using StreamHub.Server.Lifetime;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>Registers this folder.</summary>
internal static class StreamlitFeature
{
    public static IServiceCollection AddStreamlit(this IServiceCollection services) => services
        .AddSingleton<StreamlitInstallations>()
        .AddSingleton<StreamlitFolders>(static provider =>
        {
            var (installations, reports, pages) = (provider.GetRequiredService<StreamlitInstallations>(), provider.GetRequiredService<RunReports>(), provider.GetRequiredService<StreamlitPages>());
            return app => installations.FoldersOf(app, reports, pages);
        })
        .AddSingleton<StreamlitPages>()
        .AddSingleton<StreamlitPage>()
        .AddSingleton<StreamlitAssets>()
        .AddSingleton<StreamlitVisit>()
        .AddSingleton<RuntimeAdapter, StreamlitRuntime>()
        .AddSingleton<FirstApps>(static provider => cancellationToken => HelloApp.FindAsync(
            provider.GetRequiredService<HubSettings>(), provider.GetRequiredService<StreamlitInstallations>(), cancellationToken));
}
