using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Runs;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Resources;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Sessions;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Gateway;

/// <summary>The endpoint of <c>/app</c>: checks the visitor's access, selects a run and responds when there is none.</summary>
internal sealed class AppGateway(
    RootLinks links,
    RunSelector runs,
    Supervisor supervisor,
    RunUses uses,
    RuntimeAdapters runtimes,
    SessionTable sessions,
    WaitingRooms rooms,
    OpenConnections connections,
    AppForwarder forwarder,
    AppAnswers answers,
    RefusalWriter refusals,
    IStringLocalizer<UserText> text)
{
    private const int MaxHandshakeHeaderLength = 8000;
    private const int MaxHandshakeHeaders = 100;

    public async Task HandleAsync(HttpContext context)
    {
        var visitor = context.Visitor();
        if (!AppPath.TryRead(context.Features.GetRequiredFeature<RequestTarget>(), out var path))
        {
            if (!links.TryRedirect(context))
            {
                await AppAnswers.PlainAsync(context, StatusCodes.Status404NotFound, text["Path.NotFound"]);
            }

            return;
        }

        var app = context.Configuration().FindApp(path.Slug);
        if (app is null || !visitor.User.MayOpen(app.Slug))
        {
            if (!RootLinks.MayBeFile(path, exists: app is not null) || !links.TryRedirect(context))
            {
                await answers.NotYoursAsync(context, visitor, path);
            }

            return;
        }

        SecurityHeaders.Begin(context, new FramedApp(app));
        if (!path.HasSlash)
        {
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = path.Bare;
            return;
        }

        var request = new AppRequest(context, visitor, app, path, runtimes.Of(app));
        if (request.Purpose.Kind is RequestKind.Closed)
        {
            refusals.Note(context, RefusalReason.Path);
            await AppAnswers.PlainAsync(context, StatusCodes.Status404NotFound, text["Path.NotFound"]);
        }
        else if (Fault(request) is var (status, reason))
        {
            refusals.Note(context, RefusalReason.Message, $"{status} {ReasonPhrases.GetReasonPhrase(status)}");
            await AppAnswers.PlainAsync(context, status, text[reason]);
        }
        else if (request.Runtime.Answer(app, path, context.Request) is { } answer)
        {
            await answer.ExecuteAsync(context);
        }
        else if (request.Purpose.Kind is RequestKind.Session)
        {
            await ServeSessionAsync(request);
        }
        else
        {
            await ServeRequestAsync(request);
        }
    }

    private static (int Status, string Reason)? Fault(AppRequest app)
    {
        var request = app.Context.Request;
        if (!app.IsUpgrade)
        {
            return request.Method is "CONNECT" or "TRACE" ? (StatusCodes.Status405MethodNotAllowed, "Method.Refused") : null;
        }

        if (app.Context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true
            && !string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status400BadRequest, "Upgrade.Refused");
        }

        // uvicorn with websockets, which Streamlit and others use, never responds to a handshake with longer or more header lines.
        return request.Headers.Count > MaxHandshakeHeaders
            || request.Headers.Any(header => header.Key.Length + header.Value.Sum(value => (value?.Length ?? 0) + 2) > MaxHandshakeHeaderLength)
            ? (StatusCodes.Status431RequestHeaderFieldsTooLarge, "Headers.TooLarge")
            : null;
    }

    private async Task ServeSessionAsync(AppRequest request)
    {
        using var seat = await rooms.EnterAsync(request.Instance, request.Guest, request.Purpose.Run, request.Context.RequestAborted);
        if (seat is not { Run.Process: not null })
        {
            // A forgotten tab reconnects for ever; that is no demand for the app.
            await UnavailableAsync(request, isWanted: !sessions.IsForgotten(request.Instance, request.Guest));
            return;
        }

        using var connection = connections.Open(request.Visitor, request.Instance, request.Context);
        using var session = sessions.Open(request.Instance, seat.Run.Id, request.Visitor.User.Name, request.Visitor.Address, isReturning: seat.Run.Id == request.Purpose.Run);
        try
        {
            if (request.Context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            {
                var reader = request.Runtime.ReadSession(session.Use);
                reader.Changed += session.Follow;
                request.Context.Features.Set<IHttpUpgradeFeature>(new MessageWatch(upgrade, seat.Begin, reader, seat.End));
            }

            await forwarder.ForwardAsync(request, seat.Run, connection);
            if (connection.IsRevoked)
            {
                seat.GiveUp();
            }
        }
        finally
        {
            // Before the session is reported as closed: a reconnecting page waits for that report and then takes this seat.
            seat.Dispose();
        }
    }

    private async Task ServeRequestAsync(AppRequest request)
    {
        var hasSeat = request.Purpose.Kind switch
        {
            RequestKind.Page => rooms.Visit(request.Instance, request.Guest),
            RequestKind.Poll => rooms.Poll(request.Instance, request.Guest),
            _ => true,
        };
        using var connection = connections.Open(request.Visitor, request.Instance, request.Context);
        var run = hasSeat ? runs.Find(request) : null;
        if (run is null && request.Purpose.Kind is RequestKind.Call && runs.IsDemand(request))
        {
            run = await runs.AwaitAsync(request, connection.Token);
        }

        if (run is null && connection.IsRevoked)
        {
            await answers.FailureAsync(request, StatusCodes.Status403Forbidden);
        }
        else if (run is null)
        {
            await UnavailableAsync(request, isWanted: runs.IsDemand(request));
        }
        else
        {
            await ForwardAsync(request, run, connection);
        }
    }

    private async Task ForwardAsync(AppRequest request, Run run, OpenConnections.Connection connection)
    {
        if (request.Purpose.MayBelongToDrainingRun && supervisor.State.Owner(run.Id) is { } instance)
        {
            foreach (var draining in instance.Runs.Where(other => other is { State: RunState.Draining, Process: not null } && other.Id != run.Id))
            {
                using var asked = uses.Of(draining.Id).Begin();
                if (await forwarder.ForwardAsync(request, draining, connection, passesOn: true))
                {
                    return;
                }
            }
        }

        // A poll asks whether the app is there; an open WebSocket may belong to a forgotten tab.
        using var work = request.Purpose.Kind is RequestKind.Poll || request.IsUpgrade ? null : uses.Of(run.Id).Begin();
        runs.Count(request, run);
        await forwarder.ForwardAsync(request, run, connection);
    }

    private Task UnavailableAsync(AppRequest request, bool isWanted)
    {
        if (isWanted)
        {
            runs.Wake(request);
        }

        return answers.UnavailableAsync(request);
    }
}
