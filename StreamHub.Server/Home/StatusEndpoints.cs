using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Refusals;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Sessions;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Home;

/// <summary>The status of the visitor's apps, once or as a stream, and the commands to retry and to keep a run.</summary>
internal sealed class StatusEndpoints(
    Supervisor supervisor, RunUses uses, OpenConnections connections, WaitingRooms rooms, AppStatusReader statuses, RefusalWriter refusals, SteadyClock clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    /// <summary>The interval between two looks, however much changes.</summary>
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(200);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/_hub/apps", (RequestDelegate)AllAsync).OnListener(Listener.Users);
        endpoints.MapGet("/_hub/apps/{slug}/status", (RequestDelegate)OneAsync).OnListener(Listener.Users);
        endpoints.MapPost("/_hub/apps/{slug}/retry", (RequestDelegate)RetryAsync).OnListener(Listener.Users);
        endpoints.MapPost("/_hub/apps/{slug}/keep", (RequestDelegate)KeepAsync).OnListener(Listener.Users);
        endpoints.Map("/_hub/apps/{slug}/events", endpoints.CreateApplicationBuilder().UseWebSockets().Use(_ => EventsAsync).Build())
            .OnListener(Listener.Users);
    }

    private static InstanceKey? Find(HttpContext context)
    {
        var user = context.Visitor().User;
        return AppSlug.TryParse(context.GetRouteValue("slug") as string, out var slug) && user.MayOpen(slug)
            && context.Configuration().FindApp(slug) is { } app ? InstanceKey.For(app, user.Name) : null;
    }

    private static Guest Guest(HttpContext context) => new(context.Visitor().User.Name, context.Visitor().Address);

    private Task AllAsync(HttpContext context)
    {
        var user = context.Visitor().User;
        var apps = context.Configuration().Apps.Where(app => user.MayOpen(app.Slug))
            .ToDictionary(app => app.Slug.ToString(), app => statuses.Read(InstanceKey.For(app, user.Name)), StringComparer.Ordinal);
        return context.Response.WriteAsJsonAsync(new { notice = statuses.Notice(), apps }, Json, context.RequestAborted);
    }

    private Task OneAsync(HttpContext context) =>
        Find(context) is { } key ? context.Response.WriteAsJsonAsync(statuses.Read(key, Guest(context)), Json, context.RequestAborted) : RefuseAsync(context);

    private async Task RetryAsync(HttpContext context)
    {
        if (Find(context) is not { } key)
        {
            await RefuseAsync(context);
            return;
        }

        supervisor.PostOnce(new HubEvent.RetryRequested(key));
        var form = await context.Request.ReadSmallFormAsync();
        context.Response.SeeOther(form.TryGetValue("back", out var back) ? UserPagesFeature.Local(back.ToString()) : $"/app/{key.App}/");
    }

    private Task KeepAsync(HttpContext context)
    {
        if (Find(context) is not { } key)
        {
            return RefuseAsync(context);
        }

        if (supervisor.State.Find(key)?.ReadyRun is { } run)
        {
            uses.Of(run.Id).Act();
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task EventsAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (Find(context) is not { } key)
        {
            await RefuseAsync(context);
            return;
        }

        using var connection = connections.Open(context.Visitor(), key, context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(connection.Token);
        var closed = WaitForCloseAsync(socket, ended);
        try
        {
            await SendAsync(socket, key, Guest(context), context.Request.Query.ContainsKey("waiting"), ended.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The page was closed, or the visitor lost access.
        }

        await ended.CancelAsync();
        await closed;
    }

    private async Task SendAsync(WebSocket socket, InstanceKey key, Guest guest, bool isWaiting, CancellationToken cancellationToken)
    {
        AppStatus? sent = null;
        while (true)
        {
            var change = supervisor.NextChange(key);
            var status = statuses.Read(key, guest);
            var isInLine = rooms.Look(key, guest) is not null;
            if (isWaiting || isInLine)
            {
                // Renews the demand while a visitor waits for the app or for a seat: the demand may have expired, or a restarted hub does not know
                // it.
                supervisor.Visit(key);
            }

            if (sent is null || !status.Log.SequenceEqual(sent.Log, StringComparer.Ordinal)
                || Stable(status) != Stable(sent))
            {
                await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(status, Json), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
                sent = status;
            }

            // Changes of the instance wake the stream at once; other values are polled. Polling also keeps a place in the queue.
            var rest = isInLine || (isWaiting && !status.IsReady) ? LineInterval : statuses.Rest(key, status);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(change, Task.Delay(rest, clock.TimeProvider, waiting.Token));
            await waiting.CancelAsync();
            await Task.Delay(ShortestInterval, clock.TimeProvider, cancellationToken);
        }
    }

    private static async Task WaitForCloseAsync(WebSocket socket, CancellationTokenSource ended)
    {
        try
        {
            var buffer = new byte[256];
            while ((await socket.ReceiveAsync(buffer.AsMemory(), ended.Token)).MessageType != WebSocketMessageType.Close)
            {
                // Pages send no messages; any content is ignored.
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Closed without a close frame.
        }

        await ended.CancelAsync();
    }

    // Without times, which the page counts down itself; lists are replaced because they compare by reference.
    private static (AppStatus, string) Stable(AppStatus status) => (
        status with { ElapsedMs = 0, RetryInMs = null, IdleStopMs = status.IdleStopMs is null ? null : 0, Leaving = Array.Empty<AppStatus.LeavingRun>(), Log = Array.Empty<string>() },
        string.Join(',', status.Leaving.Select(leaving => leaving.Run)));

    private Task RefuseAsync(HttpContext context)
    {
        refusals.Begin(context, RefusalReason.App);
        return Task.CompletedTask;
    }
}
