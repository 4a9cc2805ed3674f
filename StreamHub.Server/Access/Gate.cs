using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;
using StreamHub.Server.Visits;

namespace StreamHub.Server.Access;

/// <summary>
/// Default deny before any endpoint, for requests and upgrades alike: only an authenticated <see cref="Caller"/> passes. A fault of the decision
/// denies (503), and so does an unreadable database: see <see cref="CurrentPolicy"/>.
/// </summary>
internal sealed partial class Gate(
    RequestDelegate next, BearerTokenAuthenticator tokens, AdminBrowsers browsers, VisitLog visits, RefusalWriter refusals, RefusalPage page, ILogger<Gate> logger)
{
    internal const string Unknown = "Access is unavailable: the hub cannot read its list of users.";

    public Task InvokeAsync(HttpContext context)
    {
        var caller = context.Caller();
        if (context.Features.Get<ListenerInfo>()?.Listener is { } door && IsOpen(context.Request.Path.Value ?? "", door))
        {
            return next(context);
        }

        if (caller is { Address: { } address, Token: null, Decision: { } decision })
        {
            visits.Record(caller.Configuration.AppOf(context.Features.Get<RequestTarget>()), context.Request, address, context.Listener() == Listener.Admin, decision);
        }

        if (caller.Refusal is { } reason)
        {
            return RefuseAsync(context, caller, reason);
        }

        if (caller is { Script: { } token, Address: { } from })
        {
            tokens.Note(token, from);
        }
        else if (caller.Visitor is { User: { Role: Role.Admin } admin } && context.Listener() == Listener.Admin)
        {
            browsers.Renew(context, admin);
        }

        return next(context);
    }

    /// <summary>The public paths. Exact comparison: no other spelling of them is exempt.</summary>
    private static bool IsOpen(string path, Listener listener) =>
        path.StartsWith("/_hub/assets/", StringComparison.Ordinal)
        || path is "/healthz" or "/_hub/culture" or "/_hub/theme"
        || (listener == Listener.Admin && path is "/claim")
        || (listener == Listener.Users && path is "/_hub/request");

    private Task RefuseAsync(HttpContext context, Caller caller, RefusalReason reason)
    {
        if (caller is { Token: { } token, Address: { } scripts })
        {
            return tokens.RefuseAsync(context, scripts, token);
        }

        if (reason == RefusalReason.Fault)
        {
            Log.Failed(logger, caller.Fault);
            return refusals.WriteAsync(context, reason, "Access is unavailable.");
        }

        if (caller.Address is not { } address)
        {
            return refusals.WriteAsync(
                context,
                reason,
                "Your address is unknown: the proxy sent no valid X-Forwarded-For, or one that names the hub's own machine. On that machine, open the hub's own port.");
        }

        if (!context.Request.AcceptsHtml())
        {
            return refusals.WriteAsync(context, reason, reason switch
            {
                RefusalReason.Database => Unknown,
                RefusalReason.Browser => "This address belongs to an admin, but this browser has not been used by them: open a new admin link in it (StreamHub.Server link). A program needs a bearer token.",
                _ => $"{address} is not admitted here.",
            });
        }

        refusals.Begin(context, reason);
        return page(context, address, caller.Decision);
    }

    private static partial class Log
    {
        [LoggerMessage(2011, LogLevel.Error, "The gate failed; the request is denied.")]
        public static partial void Failed(ILogger logger, Exception? exception);
    }
}
