using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>The one way to turn a request away: it goes to the audit.</summary>
internal static class Refusal
{
    private const string Later = "10";

    /// <summary>Refuses in one line, for programs.</summary>
    public static Task WriteAsync(HttpContext context, RefusalReason reason, string text)
    {
        Begin(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a script that presented a bearer token.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reason">Why.</param>
    /// <param name="text">What the script is told.</param>
    /// <param name="token">The token, when it is one that the hub has made.</param>
    /// <param name="detail">What the audit says of it.</param>
    public static Task WriteAsync(HttpContext context, RefusalReason reason, string text, ApiToken? token, string detail)
    {
        Note(context, reason, detail, token?.Name);
        SetStatus(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a message that the server would not read to its end.</summary>
    public static Task WriteAsync(HttpContext context, BadHttpRequestException error)
    {
        context.Features.Set(error);
        Note(context, RefusalReason.Message, $"{error.StatusCode} {error.Message}");
        context.Response.StatusCode = error.StatusCode;
        return SayAsync(context, error.Message);
    }

    private static Task SayAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    /// <summary>Sets the status and writes it down; the words are the caller's.</summary>
    public static void Begin(HttpContext context, RefusalReason reason)
    {
        Note(context, reason);
        SetStatus(context, reason);
    }

    /// <summary>Writes a refusal down; status and words are the caller's.</summary>
    public static void Note(HttpContext context, RefusalReason reason, string? answer = null, TokenName? token = null)
    {
        var (services, request) = (context.RequestServices, context.Request);
        var current = services.GetRequiredService<ConfigurationStore>().Current;

        // Where access could not be decided, deciding it once more would fail in the same way, and lose the answer.
        ClientAddress? from = reason != RefusalReason.Fault && services.GetRequiredService<ClientAddressResolver>().TryResolve(context, out var address) ? address : null;
        var user = from is null ? null : current.Policy.Decide(from.Value, services.GetRequiredService<SteadyClock>().Wall).Claim?.User.Name;
        var detail = answer ?? reason switch
        {
            RefusalReason.Host => request.Host.Value,
            RefusalReason.Origin => request.Headers.Origin.ToString(),

            // As received, for that is what was wrong with it; without the query, which may hold secrets.
            RefusalReason.Path => context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0],
            _ => request.Path.Value,
        };
        services.GetRequiredService<RefusalLog>().Note(new Refused(new Refused.Sort(from, reason, current.AppOf(request.Path.Value), Token: token), user, detail ?? ""));
    }

    private static void SetStatus(HttpContext context, RefusalReason reason)
    {
        if (reason == RefusalReason.Database)
        {
            context.Response.Headers.RetryAfter = Later;
        }

        context.Response.StatusCode = reason switch
        {
            RefusalReason.Host => StatusCodes.Status421MisdirectedRequest,
            RefusalReason.Path => StatusCodes.Status400BadRequest,
            RefusalReason.Fault or RefusalReason.Database or RefusalReason.Sockets => StatusCodes.Status503ServiceUnavailable,
            RefusalReason.Token => StatusCodes.Status401Unauthorized,
            RefusalReason.Rate => StatusCodes.Status429TooManyRequests,
            RefusalReason.Plea => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status403Forbidden,
        };
    }
}
