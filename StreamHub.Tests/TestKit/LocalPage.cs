using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamHub.Tests.TestKit;

/// <summary>A small real web server on a free loopback port: <c>/</c> is a page, <c>/who</c> names the caller, <c>/echo</c> is a WebSocket.</summary>
internal sealed class LocalPage : IAsyncDisposable
{
    private readonly WebApplication app;

    private LocalPage(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public string Origin => $"http://127.0.0.1:{Port}";

    public static async Task<LocalPage> StartAsync(string html)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.UseWebSockets();
        server.MapGet("/", () => Results.Content(html, "text/html; charset=utf-8"));
        server.MapGet("/who", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Host}");
        server.Map("/echo", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (message.CloseStatus is { } status)
                {
                    await socket.CloseAsync(status, "bye", context.RequestAborted);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
            }
        });
        await server.StartAsync();
        return new LocalPage(server);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
