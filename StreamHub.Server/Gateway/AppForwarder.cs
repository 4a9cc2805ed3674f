using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>Forwards requests to runs, and responds when a run does not.</summary>
internal sealed class AppForwarder(IHttpForwarder forwarder, AppConnector connector, RunSecrets secrets, AppAnswers answers, RefusalWriter refusals, SteadyClock clock) : IDisposable
{
    /// <summary>How long a navigation waits for a response before the hub shows that the app does not answer.</summary>
    public static readonly TimeSpan NavigationPatience = TimeSpan.FromSeconds(60);

    /// <summary>For requests: a script may compute for a long time before it responds, but without any traffic the request ends.</summary>
    public static readonly ForwarderRequestConfig Requests = new() { ActivityTimeout = TimeSpan.FromMinutes(10), Version = HttpVersion.Version11 };

    /// <summary>For WebSockets: no idle timeout; Streamlit pings every 30 s.</summary>
    public static readonly ForwarderRequestConfig Upgrades = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, Version = HttpVersion.Version11 };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // uvicorn closes connections after 5 s without traffic; a request sent during the close would fail.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = connector.ConnectAsync,
    });

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

        using var patience = new CancellationTokenSource(request.IsPage ? NavigationPatience : Timeout.InfiniteTimeSpan, clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(connection.Token, patience.Token);
        var endpoint = run.Process!.Endpoint;
        var transformer = new AppTransformer(request, endpoint, secrets.Pairing(run.Id), passesOn, () => patience.CancelAfter(Timeout.InfiniteTimeSpan));
        var error = await forwarder.SendAsync(context, endpoint.Origin, client, request.IsUpgrade ? Upgrades : Requests, transformer, both.Token);
        if (transformer.HasPassedOn)
        {
            Reset(context);
            return false;
        }

        if (error is not ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(request, FailureStatus(error, context, connection, patience.IsCancellationRequested), error);
        }
        else if ((connection.IsRevoked || connection.IsStopping) && context.Response.HasStarted)
        {
            context.Abort();
        }

        return true;
    }

    public void Dispose() => client.Dispose();

    private static int FailureStatus(ForwarderError error, HttpContext context, OpenConnections.Connection connection, bool isLate) =>
        isLate || error is ForwarderError.RequestTimedOut ? StatusCodes.Status504GatewayTimeout
        : connection.IsRevoked ? StatusCodes.Status403Forbidden
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
