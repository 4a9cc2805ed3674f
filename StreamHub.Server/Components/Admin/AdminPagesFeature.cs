namespace StreamHub.Server.Components.Admin;

/// <summary>The admins' pages: Interactive Server with MudBlazor, on the admin listener.</summary>
internal static class AdminPagesFeature
{
    public static IServiceCollection AddAdminPages(this IServiceCollection services) => services;

    public static void MapAdminPages(this IEndpointRouteBuilder endpoints)
    {
    }
}
