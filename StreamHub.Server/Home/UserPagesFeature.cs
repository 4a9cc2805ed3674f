using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Gateway;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Home;

/// <summary>Users' preferences and error pages; the gateway's endpoints render the other users' pages.</summary>
internal static class UserPagesFeature
{
    /// <summary>Registers the page for unauthenticated people.</summary>
    public static IServiceCollection AddUserPages(this IServiceCollection services) =>
        services.AddSingleton<UnauthorizedPage>().AddSingleton<RefusalPage>(static provider => provider.GetRequiredService<UnauthorizedPage>().WriteAsync);

    /// <summary>The page for an unhandled exception; the log has the details.</summary>
    public static void UseErrorPage(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        // Faults of clients are in the audit; in the log, clients could flood it. DatabaseHealth has already logged faults of the database.
        SuppressDiagnosticsCallback = static failed => failed.Exception is BadHttpRequestException || (IsDown(failed.Exception)
            && failed.HttpContext.RequestServices.GetRequiredService<DatabaseHealth>() is { Reading: not null } or { Writing: not null }),
        ExceptionHandler = static context =>
        {
            SecurityHeaders.Begin(context);
            return context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException error ? context.RequestServices.GetRequiredService<RefusalWriter>().WriteAsync(context, error)
                : context.Features.Get<IExceptionHandlerFeature>()?.Error is { } down && IsDown(down) ? AnswerDownAsync(context)
                : context.Request.AcceptsHtml() ? UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status500InternalServerError, new() { ["Name"] = "Mistake" })
                : Results.Problem(statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(context);
        },
    });

    private static bool IsDown(Exception exception) => exception is DbException or DbUpdateException;

    private static Task AnswerDownAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "10";
        return context.Request.AcceptsHtml()
            ? UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status503ServiceUnavailable, new() { ["Name"] = "Down" })
            : Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The database cannot be used at the moment. Nothing was changed.").ExecuteAsync(context);
    }

    public static void MapUserPages(this IEndpointRouteBuilder endpoints)
    {
        var links = endpoints.ServiceProvider.GetRequiredService<RootLinks>();
        endpoints.MapFallback("{**rest}", (RequestDelegate)(context => context.Listener() == Listener.Users && links.TryRedirect(context) ? Task.CompletedTask
            : context.Request.AcceptsHtml() ? UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status404NotFound, new() { ["Name"] = "Missing" })
            : NothingAsync(context))).OnListener(Listener.Users, Listener.Admin);

        // Both change only the display of the visitor's own pages, so they need no antiforgery token; OriginCheck applies.
        endpoints.MapPost("/_hub/culture", (RequestDelegate)(context => ChooseAsync(
            context, Preferences.CultureCookie, Preferences.Languages.Select(language => language.Code), static value => CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(value))))).OnListener(Listener.Users, Listener.Admin);
        endpoints.MapPost("/_hub/theme", (RequestDelegate)(context => ChooseAsync(
            context, Preferences.ThemeCookie, Preferences.Themes, static value => value))).OnListener(Listener.Users, Listener.Admin);
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Not found.\n", context.RequestAborted);
    }

    private static async Task ChooseAsync(HttpContext context, string cookie, IEnumerable<string> accepted, Func<string, string> format)
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

    /// <summary>A URL of this host, else the home page.</summary>
    internal static string Local(string address) =>
        address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.AsSpan().ContainsAnyExceptInRange('!', '~') && !address.Contains('\\', StringComparison.Ordinal)
            ? address
            : "/";
}
