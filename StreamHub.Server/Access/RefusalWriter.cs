using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Http;

namespace StreamHub.Server.Access;

/// <summary>The one way to turn a request away: it goes to the audit, with the caller of the request.</summary>
internal sealed class RefusalWriter(RefusalLog log)
{
    private const string Later = "10";

    /// <summary>Refuses in one line, for programs.</summary>
    public Task WriteAsync(HttpContext context, RefusalReason reason, string text)
    {
        Begin(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a script that presented a bearer token; the audit names it when it is one of the hub's.</summary>
    public Task WriteAsync(HttpContext context, RefusalReason reason, string text, ApiToken? token, string detail)
    {
        Note(context, reason, detail, token?.Name);
        SetStatus(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a message that the server would not read to its end.</summary>
    public Task WriteAsync(HttpContext context, BadHttpRequestException error)
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

    /// <summary>Sets the status and notes the refusal; the body is up to the endpoint.</summary>
    public void Begin(HttpContext context, RefusalReason reason)
    {
        Note(context, reason);
        SetStatus(context, reason);
    }

    /// <summary>Notes a refusal; status and body are up to the endpoint.</summary>
    public void Note(HttpContext context, RefusalReason reason, string? answer = null, TokenName? token = null)
    {
        var request = context.Request;
        var caller = context.Features.Get<Caller>();
        var detail = answer ?? reason switch
        {
            RefusalReason.Host => request.Host.Value,
            RefusalReason.Origin => request.Headers.Origin.ToString(),

            // As received, for that is what was wrong with it; without the query, which may hold secrets.
            RefusalReason.Path => context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0],
            _ => request.Path.Value,
        };
        var app = caller?.Configuration.AppOf(context.Features.Get<RequestTarget>());
        log.Note(new Refused(new Refused.Sort(caller?.Address, reason, app, Token: token), caller?.Owner, detail ?? ""));
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
