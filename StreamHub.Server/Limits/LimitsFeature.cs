using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StreamHub.Server.Limits;

/// <summary>Registers this folder.</summary>
internal static class LimitsFeature
{
    public static IServiceCollection AddLimits(this IServiceCollection services) =>
        services.AddSingleton<ConnectionLimit>().AddSingleton<RequestBuckets>().AddSingleton<SocketCounts>();

    /// <summary>Closes a listener's connections beyond what clients may have.</summary>
    public static ListenOptions LimitConnections(this ListenOptions listener)
    {
        listener.Use(next =>
        {
            var limit = listener.ApplicationServices.GetRequiredService<ConnectionLimit>();
            return connection => limit.InvokeAsync(next, connection);
        });
        return listener;
    }
}
