using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Resources;
using StreamHub.Server.Streamlit;

namespace StreamHub.Server.Gateway;

/// <summary>What the hub says itself at an app's address: pages for people, short text for programs.</summary>
internal sealed class AppAnswers(AppStatusReader statuses, StreamlitAssets assets, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    public static Task PlainAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    /// <summary>A message from the texts <c>{name}.Title</c> and <c>{name}.Text</c>.</summary>
    public Task MessageAsync(HttpContext context, AppPath path, int status, string name)
    {
        if (status >= StatusCodes.Status500InternalServerError)
        {
            context.Response.Headers.RetryAfter = "2";
        }

        if (!HttpMethods.IsGet(context.Request.Method) || path.IsUnder("_stcore") || !context.Request.AcceptsHtml())
        {
            return PlainAsync(context, status, text[$"{name}.Text"]);
        }

        return UserPages.WriteAsync<MessagePage>(context, status, new() { ["Name"] = name, ["AskFor"] = name == "NotYours" && !context.Visitor().IsInUnknownBrowser ? path.Slug.ToString() : null });
    }

    /// <summary>The app is not the visitor's. Whoever may not open an app is not told whether it exists.</summary>
    public Task NotYoursAsync(HttpContext context, Visitor visitor, AppPath path)
    {
        if (visitor.User.Role == Role.Admin)
        {
            return MessageAsync(context, path, StatusCodes.Status404NotFound, "Missing");
        }

        refusals.Begin(context, RefusalReason.App);
        return MessageAsync(context, path, StatusCodes.Status403Forbidden, "NotYours");
    }

    /// <summary>The app does not take this visitor now: it does not run, or there is no seat.</summary>
    public Task NotReadyAsync(HttpContext context, App app, InstanceKey key, Guest guest, AppPath path, bool isNavigation)
    {
        context.Response.Headers.RetryAfter = "2";
        var status = statuses.Read(key, guest);
        if (isNavigation)
        {
            return UserPages.WriteAsync<StartingPage>(context, StatusCodes.Status503ServiceUnavailable, new()
            {
                ["Slug"] = app.Slug,
                ["Name"] = app.Name,
                ["Status"] = status,
                ["Preload"] = assets.FirstFiles(app),
            });
        }

        var message = status is { IsReady: true, Queue: { } queue } ? queue : text["Poll.NotRunning", status.Word].Value;
        if (path.Rest is "_stcore/health" or "_stcore/host-config")
        {
            // Streamlit's page shows the body of a failed poll only when it is a JSON string.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsJsonAsync(message, context.RequestAborted);
        }

        return PlainAsync(context, StatusCodes.Status503ServiceUnavailable, message);
    }
}
