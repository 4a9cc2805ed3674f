using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Gateway;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Home;

/// <summary>The home page, and the shell around an app.</summary>
internal sealed class UserEndpoints(ListenerLinks links, DeviceCookie devices, AppStatusReader statuses, AppAnswers answers)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", (RequestDelegate)HomeAsync).OnListener(Listener.Users);
        endpoints.MapGet("/open/{**rest}", (RequestDelegate)OpenAsync).OnListener(Listener.Users);
    }

    private Task HomeAsync(HttpContext context)
    {
        var visitor = context.Visitor();
        devices.Renew(context, visitor);
        return UserPages.WriteAsync<HomePage>(context, StatusCodes.Status200OK, new()
        {
            ["UserName"] = visitor.User.Name.ToString(),
            ["Address"] = visitor.Address.ToString(),
            ["AdminAddress"] = visitor.User.Role == Role.Admin || visitor.IsInUnknownBrowser ? links.From(context.Request.Scheme, context.Request.Host.Host, Listener.Admin) : null,
            ["IsInUnknownBrowser"] = visitor.IsInUnknownBrowser,
            ["Notice"] = statuses.Notice(),
            ["Cards"] = Cards(context.Configuration(), visitor.User),
        });
    }

    private Task OpenAsync(HttpContext context)
    {
        // The URL of the shell differs from the app's by its first segment only: the same parser and the same refusals.
        if (!AppPath.TryRead(context.Features.GetRequiredFeature<RequestTarget>(), out var path, RequestTarget.ShellPrefix))
        {
            return UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status404NotFound, new() { ["Name"] = "Missing" });
        }

        var user = context.Visitor().User;
        var app = user.MayOpen(path.Slug) ? context.Configuration().FindApp(path.Slug) : null;
        if (app is null)
        {
            return answers.NotYoursAsync(context, context.Visitor(), path);
        }

        SecurityHeaders.Begin(context, new FramedApp(app, IsShell: true));
        FrameReturn.End(context, app);
        devices.Renew(context, context.Visitor());
        return UserPages.WriteAsync<ShellPage>(context, StatusCodes.Status200OK, new()
        {
            ["Slug"] = app.Slug,
            ["Name"] = app.Name,
            ["Source"] = path.Bare,
            ["Cards"] = Cards(context.Configuration(), user),
        });
    }

    private AppCard[] Cards(HubConfiguration configuration, User user) =>
    [
        .. from app in configuration.Apps
           where user.MayOpen(app.Slug)
           select new AppCard(app.Slug, app.Name, statuses.Read(InstanceKey.For(app, user.Name))),
    ];
}
