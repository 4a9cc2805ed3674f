using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Gateway;

/// <summary>A request for an app by a visitor with access to it.</summary>
internal sealed class AppRequest(HttpContext context, Visitor visitor, App app, AppPath path, RuntimeAdapter runtime)
{
    public HttpContext Context => context;

    public Visitor Visitor => visitor;

    public App App => app;

    public AppPath Path => path;

    public RuntimeAdapter Runtime => runtime;

    public InstanceKey Instance { get; } = InstanceKey.For(app, visitor.User.Name);

    public Guest Guest { get; } = new(visitor.User.Name, visitor.Address);

    public bool IsUpgrade { get; } = IsUpgradeOf(context);

    public RequestPurpose Purpose { get; } = runtime.PurposeOf(context.Request, path, IsUpgradeOf(context));

    public bool IsPage => Purpose.Kind is RequestKind.Page;

    /// <summary>Whether an open page asks, and not a program or a person who opens a page: browsers name the page.</summary>
    public bool IsFromPage => !IsPage && (context.Request.Headers.Referer.Count > 0 || context.Request.Headers.Origin.Count > 0 || context.Request.Headers.ContainsKey("Sec-Fetch-Site"));

    private static bool IsUpgradeOf(HttpContext context) =>
        context.Request.AsksForUpgrade() || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
}
