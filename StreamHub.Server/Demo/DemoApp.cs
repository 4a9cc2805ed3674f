using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Demo;

/// <summary>
/// The built-in demo app: a page whose clock ticks over a WebSocket and whose counter lives in this process's memory.
/// It runs as a child process like any other app, and rejects requests without its run's secret.
/// </summary>
internal static class DemoApp
{
    private static int count;

    /// <summary>Serves until the process is asked to end.</summary>
    /// <param name="args"><c>--port N --base-path app/demo</c>: the loopback port, and the path in front of every
    /// address, without slashes at its ends.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new ConfigurationBuilder().AddCommandLine(args).Build();
        var port = options.GetValue<int>("port");
        var basePath = options["base-path"] ?? "";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.AddSingleton(TimeProvider.System).AddLanguages();
        await using var app = builder.Build();
        app.UseRequestLocalization();
        app.UseWebSockets();
        if (Environment.GetEnvironmentVariable(PairingNames.Variable) is { Length: > 0 } pairing)
        {
            app.Use((context, next) => IsHub(context.Request.Headers[PairingNames.Header], pairing) ? next(context) : RefuseAsync(context.Response));
        }

        app.MapGet($"/{basePath}/", (HttpContext context) => Results.Content(DemoPage.Render(context), "text/html; charset=utf-8"));
        app.Map($"/{basePath}/live", (HttpContext context, TimeProvider time) => LiveAsync(context, time, app.Lifetime.ApplicationStopping));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Demo listens on 127.0.0.1:{port}"));
        await app.RunAsync();
        return 0;
    }

    private static bool IsHub(StringValues shown, string pairing) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown.ToString()), Encoding.UTF8.GetBytes(pairing));

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static async Task LiveAsync(HttpContext context, TimeProvider time, CancellationToken stopping)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        var ticking = TickAsync(socket, time, over.Token);
        var buffer = new byte[64];
        try
        {
            while (await socket.ReceiveAsync(buffer, over.Token) is { MessageType: not WebSocketMessageType.Close })
            {
                Interlocked.Increment(ref count);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The tab was closed, or the app stops.
        }

        await over.CancelAsync();
        await ticking;
    }

    private static async Task TickAsync(WebSocket socket, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        try
        {
            do
            {
                var message = string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{time.GetLocalNow():HH:mm:ss}}","count":{{count}}}""");
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client has disconnected.
        }
    }
}
