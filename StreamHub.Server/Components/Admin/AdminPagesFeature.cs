using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using MudBlazor;
using MudBlazor.Services;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Components.Admin;

/// <summary>The admins' pages: Interactive Server with MudBlazor, on the admin listener.</summary>
internal static class AdminPagesFeature
{
    public const string ThemeCookie = ".StreamHub.Theme";
    public const string CultureCookie = ".StreamHub.Culture";

    public static IServiceCollection AddAdminPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options => options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight);
        services.AddTransient<MudLocalizer, AdminMudLocalizer>();
        return services;
    }

    public static void MapAdminPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRazorComponents<AdminRoot>().AddInteractiveServerRenderMode().OnListener(Listener.Admin);

        // A form of another site carries its own Origin; the cookies hold nothing but a preference.
        endpoints.MapPost("/culture", (HttpContext context, [FromForm] string culture, [FromForm] string? back) =>
            Prefer(context, CultureCookie, culture is "ko" or "en" ? CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)) : null, back))
            .DisableAntiforgery().OnListener(Listener.Admin);
        endpoints.MapPost("/theme", (HttpContext context, [FromForm] string theme, [FromForm] string? back) =>
            Prefer(context, ThemeCookie, theme is "light" or "dark" or "system" ? theme : null, back))
            .DisableAntiforgery().OnListener(Listener.Admin);
    }

    private static IResult Prefer(HttpContext context, string cookie, string? value, string? back)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}";
        if (value is null || !string.Equals(context.Request.Headers.Origin, own, StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.BadRequest("Accepted from the hub's own pages only: culture ko or en; theme system, light or dark.");
        }

        context.Response.Cookies.Append(cookie, value, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            MaxAge = TimeSpan.FromDays(365),
            IsEssential = true,
        });
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(back) ? back! : "/");
    }
}
