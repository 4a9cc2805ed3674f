using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamHub.Tests.TestKit;

/// <summary>A login page that refuses frames, as those of identity providers do, and leads back with a code.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private readonly WebApplication app;

    private IdentityProvider(WebApplication app) => this.app = app;

    /// <summary>The address to which an app redirects; it appends where its visitor comes back to.</summary>
    public string Login => $"{app.Urls.First()}/login?back=";

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/login", (HttpContext context, string back) =>
        {
            context.Response.Headers.XFrameOptions = "DENY";
            return Results.Content($"<!DOCTYPE html><title>Login</title><h1>Who are you?</h1><a href=\"{back}?code=7\">Sign in</a>", "text/html; charset=utf-8");
        });
        await server.StartAsync();
        return new IdentityProvider(server);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
