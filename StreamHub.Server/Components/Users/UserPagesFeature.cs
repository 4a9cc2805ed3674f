using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using StreamHub.Server.Access;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Components.Users;

/// <summary>The users' preferences; the pages themselves are answers of the proxy's endpoints.</summary>
internal static class UserPagesFeature
{
    /// <summary>Registers the page that those see who may not come in.</summary>
    public static IServiceCollection AddUserPages(this IServiceCollection services) =>
        services.AddSingleton<RefusalPage>(UnauthorizedPage.WriteAsync);

    /// <summary>What a visitor sees when the hub itself made a mistake; the log has the rest.</summary>
    public static void UseErrorPage(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        // What a client sent wrongly is in the audit; in the log it would be a way to fill it.
        SuppressDiagnosticsCallback = static failed => failed.Exception is BadHttpRequestException,
        ExceptionHandler = static context =>
        {
            SecurityHeaders.Begin(context);
            return context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException error ? Refusal.WriteAsync(context, error)
                : context.Request.AcceptsHtml() ? UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status500InternalServerError, new() { ["Name"] = "Mistake" })
                : Results.Problem(statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(context);
        },
    });

    public static void MapUserPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapFallback("{**rest}", (RequestDelegate)(static context => context.Request.AcceptsHtml()
            ? UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status404NotFound, new() { ["Name"] = "Missing" })
            : NothingAsync(context))).OnListener(Listener.Users, Listener.Admin);

        // Neither changes more than the look of the visitor's own pages, so neither asks where the form came from.
        endpoints.MapPost("/_hub/culture", (RequestDelegate)(context => ChooseAsync(
            context, HostingFeature.CultureCookie, ["ko", "en"], static value => CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(value))))).OnListener(Listener.Users, Listener.Admin);
        endpoints.MapPost("/_hub/theme", (RequestDelegate)(context => ChooseAsync(
            context, HostingFeature.ThemeCookie, ["system", "light", "dark"], static value => value))).OnListener(Listener.Users, Listener.Admin);
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("There is nothing at this address.\n", context.RequestAborted);
    }

    private static async Task ChooseAsync(HttpContext context, string cookie, string[] accepted, Func<string, string> format)
    {
        var form = await context.Request.ReadSmallFormAsync();
        var value = form["value"].ToString();
        if (!accepted.Contains(value, StringComparer.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"value: one of {string.Join(", ", accepted)}", context.RequestAborted);
            return;
        }

        context.Response.Cookies.Append(cookie, format(value), new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            HttpOnly = true,
            Path = "/",
            IsEssential = true,
        });
        context.Response.SeeOther(Local(form["back"].ToString()));
    }

    /// <summary>The address when it is one of this host, else the home page.</summary>
    internal static string Local(string address) =>
        address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.AsSpan().ContainsAnyExceptInRange('!', '~') && !address.Contains('\\', StringComparison.Ordinal)
            ? address
            : "/";
}
