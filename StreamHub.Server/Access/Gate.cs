using StreamHub.Domain.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Tokens;
using StreamHub.Server.Visits;

namespace StreamHub.Server.Access;

/// <summary>
/// Default deny, before any endpoint, for plain requests and upgrades alike. Whoever passes is the request's
/// <see cref="Visitor"/>, or its <see cref="TokenBearer"/>. A fault in here denies (503), and so does a database that cannot be read: see
/// <see cref="CurrentPolicy"/>.
/// </summary>
internal sealed partial class Gate(
    RequestDelegate next,
    ConfigurationStore configuration,
    CurrentPolicy policy,
    ClientAddressResolver addresses,
    BearerTokenAuthenticator tokens,
    AdminBrowsers browsers,
    IServiceProvider services,
    ILogger<Gate> logger)
{
    internal const string Unknown = "Access cannot be decided at the moment: the hub cannot read its list of users.";

    private readonly RefusalPage? page = services.GetService<RefusalPage>();
    private readonly VisitLog? visits = services.GetService<VisitLog>();

    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Scheme = addresses.Scheme(context);
        if (context.Features.Get<ListenerFeature>()?.Listener is { } door && IsOpen(context.Request.Path.Value ?? "", door))
        {
            return next(context);
        }

        // Taken once: everything about this request goes by it, whatever comes into force meanwhile.
        var current = configuration.Current;
        ClientAddress address;
        AccessDecision? decision;
        TokenDecision? token;
        User? user;
        var isKnown = true;
        try
        {
            var listener = context.Listener();
            if (!addresses.TryResolve(context, out address))
            {
                return Refusal.WriteAsync(
                    context,
                    RefusalReason.Address,
                    "The address that you come from cannot be told: the proxy in front sent no valid X-Forwarded-For, or one that names the hub's own machine, where apps run, too. There, open the hub's own port.");
            }

            policy.LetsIn(current, address, listener, out user, out decision);
            token = tokens.Decide(context, listener, address);
            if (token is null && user is { Role: Role.Admin } && !browsers.Know(context, user, listener))
            {
                (user, isKnown) = (listener == Listener.Users ? user : null, false);
            }

            if (token is null && decision is not null)
            {
                visits?.Record(current, context.Request, address, listener == Listener.Admin, decision);
            }
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
            return Refusal.WriteAsync(context, RefusalReason.Fault, "Access cannot be decided at the moment.");
        }

        if (token is not null)
        {
            return token is TokenDecision.Admitted ? next(context) : tokens.RefuseAsync(context, address, token);
        }

        if (user is not null)
        {
            context.Features.Set(isKnown ? new Visitor(address, user) : Visitor.InUnknownBrowser(address, user));
            context.Features.Set(current);
            return next(context);
        }

        return RefuseAsync(context, address, decision);
    }

    /// <summary>What anybody may see. Compared exactly: another spelling of these paths is not exempt.</summary>
    private static bool IsOpen(string path, Listener listener) =>
        path.StartsWith("/_hub/assets/", StringComparison.Ordinal)
        || path is "/healthz" or "/_hub/culture" or "/_hub/theme"
        || (listener == Listener.Admin && path is "/claim")
        || (listener == Listener.Users && path is "/_hub/request");

    private Task RefuseAsync(HttpContext context, ClientAddress address, AccessDecision? decision)
    {
        var reason = decision switch
        {
            null => RefusalReason.Database,
            AccessDecision.Admitted { User.Role: Role.Admin } => RefusalReason.Browser,
            AccessDecision.Admitted => RefusalReason.NotAdmin,
            AccessDecision.Disabled => RefusalReason.Disabled,
            AccessDecision.Expired => RefusalReason.Expired,
            AccessDecision.OutsideHours => RefusalReason.OutsideHours,
            _ => RefusalReason.Unregistered,
        };
        if (page is null || !context.Request.AcceptsHtml())
        {
            return Refusal.WriteAsync(context, reason, reason switch
            {
                RefusalReason.Database => Unknown,
                RefusalReason.Browser => "This address is an admin's, and this browser is not known as theirs: open a new admin link in it (StreamHub.Server link). A program presents a bearer token.",
                _ => $"{address} is not admitted here.",
            });
        }

        Refusal.Begin(context, reason);
        return page(context, address, decision);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The gate failed; the request is denied.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
