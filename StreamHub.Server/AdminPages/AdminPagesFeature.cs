using MudBlazor;
using MudBlazor.Services;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.AdminPages;

/// <summary>The admin pages: Interactive Server with MudBlazor on the admin listener.</summary>
internal static class AdminPagesFeature
{
    public static IServiceCollection AddAdminPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<EntryTexts>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;

            // Transparency reduces the contrast of the text.
            options.SnackbarConfiguration.MaximumOpacity = 100;
            options.SnackbarConfiguration.ShowTransitionDuration = 150;
        });
        services.AddTransient<MudLocalizer, AdminMudLocalizer>();
        return services;
    }

    // SecurityHeaders sets frame-ancestors for all hub pages; the renderer must not add its own.
    public static void MapAdminPages(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapRazorComponents<AdminRoot>().AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = null).OnListener(Listener.Admin);
}
