using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamHub.Tests.Server;

/// <summary>An app on a real socket: it writes down what reaches it and answers what a test wants.</summary>
internal sealed class RecordingBackend : IAsyncDisposable
{
    private readonly WebApplication app;

    private RecordingBackend(WebApplication app) => this.app = app;

    public int Port { get; private set; }

    public ConcurrentQueue<(string Method, string Target, Dictionary<string, string> Headers)> Seen { get; } = new();

    /// <summary>Each request or socket that its client abandoned.</summary>
    public Channel<string> Aborted { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Where the hub itself looks whether the app is well; that is not written down.</summary>
    public const string Health = "/health-of-the-app";

    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("app");

    /// <summary>Whether it takes sockets at all.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>What it does with a socket; echo unless a test wants otherwise.</summary>
    public Func<WebSocket, CancellationToken, Task>? Socket { get; set; }

    public static async Task<RecordingBackend> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;

            // As much as a hub may be set to pass on.
            kestrel.Limits.MaxRequestLineSize = kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 200;
        });
        var server = builder.Build();
        var backend = new RecordingBackend(server);
        server.UseWebSockets();
        server.Run(backend.HandleAsync);
        await server.StartAsync();
        backend.Port = new Uri(server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
        return backend;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == Health)
        {
            return;
        }

        Seen.Enqueue((context.Request.Method, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        if (!context.WebSockets.IsWebSocketRequest)
        {
            try
            {
                await Answer(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                Aborted.Writer.TryWrite("request");
            }

            return;
        }

        if (!Accepts)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        if (Socket is not null)
        {
            try
            {
                await Socket(socket, context.RequestAborted);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                Aborted.Writer.TryWrite("socket");
            }

            return;
        }

        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (message.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    break;
                }

                if (buffer.AsSpan(0, message.Count).SequenceEqual("die"u8))
                {
                    context.Abort();
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
            }
        }
        catch (WebSocketException)
        {
            // The client went without a close frame.
        }

        Aborted.Writer.TryWrite("socket");
    }
}
