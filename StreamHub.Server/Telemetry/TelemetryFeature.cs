using System.Text.Json;
using System.Text.Json.Serialization;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Telemetry;

/// <summary>Live metrics: the sampler, the feed, and the feed's SignalR hub.</summary>
internal static class TelemetryFeature
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddHostedService<Sampler>();
        services.AddSignalR()
            .AddJsonProtocol(options => options.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        return services;
    }

    public static void MapLive(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHub<LiveHub>("/hubs/live").OnListener(Listener.Admin);
}
