using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Gateway;

/// <summary>The hub's own responses at an app's URL: pages for people, short text for programs.</summary>
internal sealed class AppAnswers(AppStatusReader statuses, RefusalWriter refusals, IStringLocalizer<UserText> text)
{
    public static Task PlainAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    /// <summary>The app is not assigned to the visitor. Only admins learn whether it exists.</summary>
    public Task NotYoursAsync(HttpContext context, Visitor visitor, AppPath path)
    {
        var isPage = HttpMethods.IsGet(context.Request.Method) && context.Request.AcceptsHtml();
        if (visitor.User.Role == Role.Admin)
        {
            return MessageAsync(context, path, StatusCodes.Status404NotFound, "Missing", isPage);
        }

        refusals.Begin(context, RefusalReason.App);
        return MessageAsync(context, path, StatusCodes.Status403Forbidden, "NotYours", isPage);
    }

    /// <summary>The app failed while forwarding, or the client did.</summary>
    public Task FailureAsync(AppRequest request, int status)
    {
        if (status >= StatusCodes.Status500InternalServerError)
        {
            request.Context.Response.Headers.RetryAfter = "2";
        }

        return MessageAsync(request.Context, request.Path, status, status switch
        {
            StatusCodes.Status403Forbidden => "NotYours",
            StatusCodes.Status503ServiceUnavailable => "Stopping",
            _ => "Broken",
        }, request.IsPage);
    }

    /// <summary>The app is not running, or has no free seat for this visitor.</summary>
    public Task UnavailableAsync(AppRequest request)
    {
        var context = request.Context;
        context.Response.Headers.RetryAfter = "2";
        var status = statuses.Read(request.Instance, request.Guest);
        if (request.IsPage)
        {
            return UserPages.WriteAsync<StartingPage>(context, StatusCodes.Status503ServiceUnavailable, new()
            {
                ["Slug"] = request.App.Slug,
                ["Name"] = request.App.Name,
                ["Status"] = status,
                ["Preload"] = request.Runtime.FirstFiles(request.App),
            });
        }

        var why = status.Pause ?? status.Queue ?? status.Exit ?? status.Hint;
        var message = status is { IsReady: true, Queue: { } queue } ? queue : string.Join(' ', ((string?[])[text["Poll.NotRunning", status.Word], why]).OfType<string>());
        return request.Runtime.Unavailable(request.Purpose, message).ExecuteAsync(context);
    }

    /// <summary>A message with the texts <c>{name}.Title</c> and <c>{name}.Text</c>.</summary>
    private Task MessageAsync(HttpContext context, AppPath path, int status, string name, bool isPage) => isPage
        ? UserPages.WriteAsync<MessagePage>(context, status, new() { ["Name"] = name, ["AskFor"] = name == "NotYours" && !context.Visitor().IsInUnknownBrowser ? path.Slug.ToString() : null })
        : PlainAsync(context, status, text[$"{name}.Text"]);
}
