using System.Net;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Configuration;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Claim;

/// <summary>Where the one-time admin link leads: the only door of the admin listener that is open to strangers.</summary>
internal sealed class ClaimEndpoint
{
    private ClaimEndpoint()
    {
    }

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/claim", ClaimAsync).OnListener(Listener.Admin).ExcludeFromDescription();

    private static async Task<IResult> ClaimAsync(
        HttpContext context,
        string? token,
        ClientAddressResolver addresses,
        ClaimTokens tokens,
        ConfigurationStore configuration,
        CurrentPolicy policy,
        AdminBrowsers browsers,
        IStringLocalizer<ClaimText> texts,
        CancellationToken cancellationToken)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (!addresses.TryResolve(context, out var address))
        {
            return Refuse(context, RefusalReason.Address, texts, "Unknown");
        }

        var outcome = await tokens.RedeemAsync(token ?? "", address, cancellationToken);
        if (outcome == ClaimOutcome.Claimed && policy.LetsIn(configuration.Current, address, Listener.Admin, out var admin, out _))
        {
            browsers.Remember(context, admin);
        }

        return outcome switch
        {
            ClaimOutcome.Claimed => new SeeOther("/"),
            ClaimOutcome.TooManyTries => Refuse(context, RefusalReason.Rate, texts, "TooMany"),
            ClaimOutcome.Refused => Page(texts, "Refused", StatusCodes.Status403Forbidden),
            _ => Refuse(context, RefusalReason.Link, texts, "Invalid"),
        };
    }

    private static IResult Refuse(HttpContext context, RefusalReason reason, IStringLocalizer texts, string key)
    {
        Refusal.Begin(context, reason);
        return Page(texts, key, context.Response.StatusCode);
    }

    private static IResult Page(IStringLocalizer texts, string key, int status)
    {
        var language = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var (title, text) = (WebUtility.HtmlEncode(texts["Title"].Value), WebUtility.HtmlEncode(texts[key].Value));
        return Results.Content(
            $"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>""",
            "text/html; charset=utf-8",
            statusCode: status);
    }

    private sealed class SeeOther(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.SeeOther(location);
            return Task.CompletedTask;
        }
    }
}
