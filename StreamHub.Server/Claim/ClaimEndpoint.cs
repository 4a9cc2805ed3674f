using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Claim;

/// <summary>
/// The page of the one-time admin link: the only page of the admin listener for unauthenticated people. GET changes nothing, because mail scanners
/// and link previews load the link, too; the form's POST redeems it.
/// </summary>
internal sealed class ClaimEndpoint(ClaimTokens tokens, ConfigurationStore configuration, CurrentPolicy policy, AdminBrowsers browsers, RefusalWriter refusals)
{
    private const string Path = "/claim";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)ShowAsync).OnListener(Listener.Admin).ExcludeFromDescription();
        endpoints.MapPost(Path, (RequestDelegate)RedeemAsync).OnListener(Listener.Admin).ExcludeFromDescription();
    }

    private async Task ShowAsync(HttpContext context)
    {
        var token = context.Request.Query["token"].ToString();
        if (context.Caller().Address is not { } address)
        {
            await RefuseAsync(context, RefusalReason.Address, "Address");
            return;
        }

        var state = await tokens.FindAsync(token, address, context.RequestAborted);
        if (state == ClaimOutcome.Open)
        {
            await PageAsync(context, StatusCodes.Status200OK, nameof(ClaimOutcome.Open), address, token);
        }
        else if (state == ClaimOutcome.Used && context.Caller().Visitor is not null)
        {
            await PageAsync(context, StatusCodes.Status200OK, nameof(ClaimOutcome.Claimed), address);
        }
        else
        {
            await RefuseAsync(context, state, address);
        }
    }

    private async Task RedeemAsync(HttpContext context)
    {
        var form = await context.Request.ReadSmallFormAsync();
        var token = form["token"].ToString();
        if (context.Caller().Address is not { } address)
        {
            await RefuseAsync(context, RefusalReason.Address, "Address");
            return;
        }

        var outcome = await tokens.RedeemAsync(token, address, context.RequestAborted);
        if (outcome != ClaimOutcome.Claimed)
        {
            await RefuseAsync(context, outcome, address);
            return;
        }

        // By the configuration that the link has just changed, not by the caller's.
        if (policy.Admit(configuration.Current, address, Listener.Admin).User is { } admin)
        {
            browsers.Remember(context, admin);
        }

        // Redirect after POST: the page of a used link confirms the role, and a reload sends nothing again.
        context.Response.SeeOther($"{Path}?token={Uri.EscapeDataString(token)}");
    }

    private Task RefuseAsync(HttpContext context, ClaimOutcome outcome, ClientAddress address) => outcome switch
    {
        ClaimOutcome.TooManyTries => RefuseAsync(context, RefusalReason.Rate, nameof(ClaimOutcome.TooManyTries)),

        // The configuration change has already recorded the refusal with its reason.
        ClaimOutcome.Refused => PageAsync(context, StatusCodes.Status403Forbidden, nameof(ClaimOutcome.Refused), address),
        _ => RefuseAsync(context, RefusalReason.Link, outcome.ToString()),
    };

    private Task RefuseAsync(HttpContext context, RefusalReason reason, string state)
    {
        refusals.Begin(context, reason);
        return PageAsync(context, context.Response.StatusCode, state, null);
    }

    private static Task PageAsync(HttpContext context, int status, string state, ClientAddress? address, string? token = null) =>
        UserPages.WriteAsync<ClaimPage>(context, status, new() { ["State"] = state, ["Address"] = address?.ToString(), ["Token"] = token });
}
