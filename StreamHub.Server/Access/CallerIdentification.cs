using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;
using StreamHub.Server.Tokens;

namespace StreamHub.Server.Access;

/// <summary>
/// Sets the <see cref="Caller"/> of a request. It refuses nothing; rate limit, host check and gate follow in this order. Because it runs before the
/// rate limit, it only looks up the address and the hash of a token: no writes, no response.
/// </summary>
internal sealed class CallerIdentification(
    RequestDelegate next, ConfigurationStore configuration, CurrentPolicy policy, ClientAddressResolver addresses, BearerTokenAuthenticator tokens, AdminBrowsers browsers)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Scheme = addresses.Scheme(context);
        context.Features.Set(addresses.PublicUrl(context));
        context.Features.Set(Identify(context));
        return next(context);
    }

    private Caller Identify(HttpContext context)
    {
        var caller = new Caller(configuration.Current, context.Connection.RemoteIpAddress is { } peer ? ClientAddress.From(peer) : default);
        try
        {
            if (!addresses.TryResolve(context, out var address))
            {
                return caller with { Refusal = RefusalReason.Address };
            }

            caller = caller with { Address = address };
            return Identify(context, caller, address);
        }
        catch (Exception exception)
        {
            // The gate refuses it, after the rate limit.
            return caller with { Refusal = RefusalReason.Fault, Fault = exception };
        }
    }

    private Caller Identify(HttpContext context, Caller caller, ClientAddress address)
    {
        var listener = context.Listener();
        var (user, decision, owner) = policy.Admit(caller.Configuration, address, listener);
        caller = caller with { Decision = decision, Owner = owner };
        if (tokens.Decide(context.Request, listener, caller.Configuration) is { } token)
        {
            return caller with { Token = token, Refusal = ReasonOf(token) };
        }

        if (user is null)
        {
            return caller with { Refusal = ReasonOf(decision) };
        }

        return user.Role != Role.Admin || browsers.IsKnown(context.Request, user) ? caller with { Visitor = new Visitor(address, user) }
            : listener == Listener.Users ? caller with { Visitor = Visitor.InUnknownBrowser(address, user) }
            : caller with { Refusal = RefusalReason.Browser };
    }

    private static RefusalReason? ReasonOf(TokenDecision token) => token switch
    {
        TokenDecision.Admitted => null,
        TokenDecision.OutOfScope => RefusalReason.Scope,
        TokenDecision.Undecided => RefusalReason.Database,
        _ => RefusalReason.Token,
    };

    private static RefusalReason ReasonOf(AccessDecision? decision) => decision switch
    {
        null => RefusalReason.Database,
        AccessDecision.Admitted => RefusalReason.NotAdmin,
        AccessDecision.Disabled => RefusalReason.Disabled,
        AccessDecision.Expired => RefusalReason.Expired,
        AccessDecision.OutsideHours => RefusalReason.OutsideHours,
        _ => RefusalReason.Unregistered,
    };
}
