using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Runs;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>Forwards requests to runs, and responds when a run does not.</summary>
internal sealed class AppForwarder(IHttpForwarder forwarder, AppConnector connector, RunSecrets secrets, AppAnswers answers, RefusalWriter refusals) : IDisposable
{
    /// <summary>An app may compute for as long as it likes before and in a response; it ends with the client, or with the run.</summary>
    private static readonly ForwarderRequestConfig Unlimited = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, Version = HttpVersion.Version11 };

    // Derived once for a process: a request must not pay for it.
    private readonly ConditionalWeakTable<RunProcess, string> pairings = [];

    private readonly HttpMessageInvoker client = new(new AtOnceHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,

        // KiB; browsers take 256 (Chromium).
        MaxResponseHeadersLength = 128,

        // gunicorn closes connections after 2 s without traffic, uvicorn after 5 s; a request sent during the close would fail.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = async (context, cancellationToken) => new OneTryStream(await connector.ConnectAsync(context, cancellationToken)),
    }));

    /// <summary>
    /// Forwards a request, or a WebSocket until one side closes it, to a run with a process. With <paramref name="passesOn"/> a 404 is dropped,
    /// because another run may have the resource.
    /// </summary>
    /// <returns>Whether a response was sent.</returns>
    public async Task<bool> ForwardAsync(AppRequest request, Run run, OpenConnections.Connection connection, bool passesOn = false)
    {
        var context = request.Context;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The app has its own limit; Streamlit's default is 200 MB.
            limit.MaxRequestBodySize = null;
        }

        var endpoint = run.Process!.Endpoint;
        var transformer = new AppTransformer(request, run, PairingOf(run), passesOn);
        var error = await forwarder.SendAsync(context, endpoint.Origin, client, Unlimited, transformer, connection.Token);
        if (transformer.HasPassedOn)
        {
            Reset(context);
            return false;
        }

        if (error is not ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(request, FailureStatus(context, connection), error);
        }
        else if ((connection.IsRevoked || connection.IsStopping) && context.Response.HasStarted)
        {
            context.Abort();
        }

        return true;
    }

    public void Dispose() => client.Dispose();

    private static int FailureStatus(HttpContext context, OpenConnections.Connection connection) =>
        connection.IsRevoked ? StatusCodes.Status403Forbidden
        : connection.IsStopping ? StatusCodes.Status503ServiceUnavailable
        : context.Response.StatusCode is StatusCodes.Status400BadRequest ? StatusCodes.Status400BadRequest
        : StatusCodes.Status502BadGateway;

    private async Task AnswerAsync(AppRequest request, int status, ForwarderError error)
    {
        Reset(request.Context);
        if (error is ForwarderError.RequestBodyClient && ClientFault(request.Context) is { } fault)
        {
            await refusals.WriteAsync(request.Context, fault);
            return;
        }

        await answers.FailureAsync(request, status);
    }

    private string PairingOf(Run run) =>
        pairings.TryGetValue(run.Process!, out var known) ? known : pairings.GetValue(run.Process!, _ => secrets.Pairing(run.Id));

    private static void Reset(HttpContext context)
    {
        context.Response.Clear();
        SecurityHeaders.Begin(context);
    }

    /// <summary>The client's fault: too slow, too large or aborted.</summary>
    private static BadHttpRequestException? ClientFault(HttpContext context)
    {
        for (var exception = context.GetForwarderErrorFeature()?.Exception; exception is not null; exception = exception.InnerException)
        {
            if (exception is BadHttpRequestException fault)
            {
                return fault;
            }
        }

        return null;
    }
}
