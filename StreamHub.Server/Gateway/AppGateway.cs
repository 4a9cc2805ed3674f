using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;
using StreamHub.Server.Resources;
using StreamHub.Server.Runs;
using StreamHub.Server.Sessions;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;
using Yarp.ReverseProxy.Forwarder;

namespace StreamHub.Server.Gateway;

/// <summary>Everything under <c>/app</c>: who may, which run, and what is said when there is none.</summary>
internal sealed class AppGateway(
    Supervisor supervisor,
    SessionTable sessions,
    WaitingRooms rooms,
    OpenConnections connections,
    AppForwarder forwarder,
    StreamlitAssets assets,
    HostConfig hostConfig,
    AppAnswers answers,
    RunSecrets secrets,
    RefusalWriter refusals,
    SteadyClock clock,
    IStringLocalizer<UserText> text)
{
    /// <summary>How long a person who navigated looks at nothing before the hub says that the app does not answer.</summary>
    public static readonly TimeSpan NavigationPatience = TimeSpan.FromSeconds(60);

    private const int LongestHandshakeHeader = 8000;
    private const int MostHandshakeHeaders = 100;

    public async Task HandleAsync(HttpContext context)
    {
        var visitor = context.Visitor();
        if (!AppPath.TryRead(context.Features.GetRequiredFeature<RequestTarget>(), out var path))
        {
            await AppAnswers.PlainAsync(context, StatusCodes.Status404NotFound, text["Path.NotFound"]);
            return;
        }

        var app = context.Configuration().FindApp(path.Slug);
        if (app is null || !visitor.User.MayOpen(app.Slug))
        {
            await answers.NotYoursAsync(context, visitor, path);
            return;
        }

        if (!path.HasSlash)
        {
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = $"/{app.BasePath}/{path.Query}";
            return;
        }

        if (path.IsUnder("_stcore/metrics") || path.IsUnder("_stcore/script-health-check") || path.IsUnder("_stcore/agent"))
        {
            refusals.Note(context, RefusalReason.Path);
            await AppAnswers.PlainAsync(context, StatusCodes.Status404NotFound, text["Path.NotFound"]);
            return;
        }

        if (Fault(context) is var (status, reason))
        {
            refusals.Note(context, RefusalReason.Message, $"{status} {ReasonPhrases.GetReasonPhrase(status)}");
            await AppAnswers.PlainAsync(context, status, text[reason]);
            return;
        }

        if (assets.Serve(app, path, context.Request) is { } asset)
        {
            await asset.ExecuteAsync(context);
            return;
        }

        await ToInstanceAsync(context, visitor, app, path);
    }

    private static (int Status, string Reason)? Fault(HttpContext context)
    {
        var request = context.Request;
        if (!IsUpgrade(context))
        {
            return request.Method is "CONNECT" or "TRACE" ? (StatusCodes.Status405MethodNotAllowed, "Method.Refused") : null;
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true
            && !string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status400BadRequest, "Upgrade.Refused");
        }

        // Streamlit's server never answers a handshake with longer lines or more of them.
        return request.Headers.Count > MostHandshakeHeaders
            || request.Headers.Any(header => header.Key.Length + header.Value.Sum(value => (value?.Length ?? 0) + 2) > LongestHandshakeHeader)
            ? (StatusCodes.Status431RequestHeaderFieldsTooLarge, "Headers.TooLarge")
            : null;
    }

    private static bool IsUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
        || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    private async Task ToInstanceAsync(HttpContext context, Visitor visitor, App app, AppPath path)
    {
        var key = InstanceKey.For(app, visitor.User.Name);
        var guest = new Guest(visitor.User.Name, visitor.Address);
        var isUpgrade = IsUpgrade(context);
        var isNavigation = !isUpgrade && IsNavigation(context.Request, path);
        var made = StreamlitSession.RunOf(context.Request, path);
        using var seat = isUpgrade ? await rooms.EnterAsync(key, guest, made, context.RequestAborted) : null;
        var mayCome = isUpgrade || (isNavigation ? rooms.Visit(key, guest) : !IsPoll(path) || rooms.Poll(key, guest));
        var instance = supervisor.State.Find(key);
        var run = isUpgrade ? seat?.Run : mayCome ? instance?.Runs.FirstOrDefault(run => run.Id == made && run.IsServing) ?? instance?.ReadyRun : null;
        if (run is { Process: { } process })
        {
            using var connection = connections.Open(visitor, key, context);
            if (string.Equals(path.Rest, "_stcore/host-config", StringComparison.Ordinal) && !isUpgrade)
            {
                await hostConfig.AnswerAsync(context, app, run.Id, process.Endpoint, connection.Token);
                return;
            }

            using var session = isUpgrade ? sessions.Open(key, run.Id, visitor.User.Name, visitor.Address) : null;

            // Left before the session is told to be over: whoever comes back to it waits for that news, and looks for the seat then.
            using var left = seat;
            if (seat is not null && session is not null && context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            {
                context.Features.Set<IHttpUpgradeFeature>(new MessageWatch(upgrade, seat.Begin, session.Use, seat.End));
            }

            // What a script shows (a picture, a download) is known to the process that made it.
            var elders = path.IsUnder("media") ? instance?.Runs.Where(other => other.State is RunState.Draining && other.Process is not null) ?? [] : [];
            foreach (var elder in elders)
            {
                if (await ForwardAsync(context, app, path, elder, connection, isUpgrade, isNavigation, passesOn: true))
                {
                    return;
                }
            }

            await ForwardAsync(context, app, path, run, connection, isUpgrade, isNavigation);
            if (connection.IsRevoked)
            {
                seat?.GiveUp();
            }

            return;
        }

        // Forgotten tabs poll and connect for ever; only a person who opens a page, or a page that was not left alone, starts an app.
        if (isNavigation || (isUpgrade && !sessions.IsForgotten(key, guest)))
        {
            supervisor.Post(new HubEvent.Requested(key));
        }

        await answers.NotReadyAsync(context, app, key, guest, path, isNavigation);
    }

    /// <returns>Whether the request is answered; false when another run may know better.</returns>
    private async Task<bool> ForwardAsync(
        HttpContext context, App app, AppPath path, Run run, OpenConnections.Connection connection, bool isUpgrade, bool isNavigation, bool passesOn = false)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The app has its own limit; Streamlit's is 200 MB unless configured.
            limit.MaxRequestBodySize = null;
        }

        using var patience = new CancellationTokenSource(isNavigation ? NavigationPatience : Timeout.InfiniteTimeSpan, clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(connection.Token, patience.Token);
        var endpoint = run.Process!.Endpoint;
        var isPage = isNavigation && app.Runtime is AppRuntime.Streamlit;
        var transformer = new AppTransformer(path, endpoint, secrets.Pairing(run.Id), context.Visitor(), isPage, passesOn, () => patience.CancelAfter(Timeout.InfiniteTimeSpan));
        var error = await forwarder.SendAsync(context, endpoint.Origin, isUpgrade, transformer, both.Token);
        if (transformer.HasPassedOn)
        {
            context.Response.Clear();
            SecurityHeaders.Begin(context);
            return false;
        }

        if (error is ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            if ((connection.IsRevoked || connection.IsStopping) && context.Response.HasStarted)
            {
                context.Abort();
            }

            return true;
        }

        var status = patience.IsCancellationRequested || error is ForwarderError.RequestTimedOut ? StatusCodes.Status504GatewayTimeout
            : connection.IsRevoked ? StatusCodes.Status403Forbidden
            : connection.IsStopping ? StatusCodes.Status503ServiceUnavailable
            : context.Response.StatusCode is StatusCodes.Status400BadRequest ? StatusCodes.Status400BadRequest
            : StatusCodes.Status502BadGateway;
        context.Response.Clear();
        SecurityHeaders.Begin(context);
        if (error is ForwarderError.RequestBodyClient && BadMessage(context) is { } bad)
        {
            await refusals.WriteAsync(context, bad);
            return true;
        }

        await answers.MessageAsync(context, path, status, status switch
        {
            StatusCodes.Status504GatewayTimeout => "NoAnswer",
            StatusCodes.Status403Forbidden => "NotYours",
            StatusCodes.Status503ServiceUnavailable => "Stopping",
            _ => "Broken",
        });
        return true;
    }

    // What the client sent too slowly, or broke off.
    private static BadHttpRequestException? BadMessage(HttpContext context)
    {
        for (var exception = context.GetForwarderErrorFeature()?.Exception; exception is not null; exception = exception.InnerException)
        {
            if (exception is BadHttpRequestException bad)
            {
                return bad;
            }
        }

        return null;
    }

    // What Streamlit's page asks before it connects, and again and again after its connection broke off.
    private static bool IsPoll(AppPath path) => path.Rest is "_stcore/health" or "_stcore/host-config";

    private static bool IsNavigation(HttpRequest request, AppPath path) =>
        HttpMethods.IsGet(request.Method)
        && request.AcceptsHtml()
        && !path.IsUnder("_stcore") && !path.IsUnder("static") && !path.IsUnder("media") && !path.IsUnder("component");
}
