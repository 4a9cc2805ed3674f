using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Audit;
using StreamHub.Server.Http;

namespace StreamHub.Server.Access;

/// <summary>The only way to refuse a request: status, response and an audit entry with the caller.</summary>
internal sealed class RefusalWriter(RefusalLog log)
{
    private const string Later = "10";

    /// <summary>Refuses with one line of text, for programs.</summary>
    public Task WriteAsync(HttpContext context, RefusalReason reason, string text)
    {
        Begin(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a script with a bearer token; the audit names the token when it is one of the hub's.</summary>
    public Task WriteAsync(HttpContext context, RefusalReason reason, string text, ApiToken? token, string detail)
    {
        Note(context, reason, detail, token?.Name);
        SetStatus(context, reason);
        return SayAsync(context, text);
    }

    /// <summary>Refuses a message that the server aborted while reading it.</summary>
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

    /// <summary>Sets the status and records the refusal; the endpoint writes the body.</summary>
    public void Begin(HttpContext context, RefusalReason reason)
    {
        Note(context, reason);
        SetStatus(context, reason);
    }

    /// <summary>Records a refusal; the endpoint sets the status and writes the body.</summary>
    public void Note(HttpContext context, RefusalReason reason, string? answer = null, TokenName? token = null)
    {
        var request = context.Request;
        var caller = context.Features.Get<Caller>();
        var detail = answer ?? reason switch
        {
            RefusalReason.Host => request.Host.Value,
            RefusalReason.Origin => request.Headers.Origin.ToString(),

            // The path as received, because its spelling is the reason; without the query, which may contain secrets.
            RefusalReason.Path => context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0],
            _ => request.Path.Value,
        };
        var app = caller?.Configuration.AppOf(context.Features.Get<RequestTarget>());
        log.Note(new Refused(new RefusalKind(caller?.Address, reason, app, Token: token), caller?.Owner, detail ?? ""));
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
