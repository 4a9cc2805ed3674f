using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StreamHub.Server.Limits;

internal static class LimitsFeature
{
    public static IServiceCollection AddLimits(this IServiceCollection services) =>
        services.AddSingleton<ConnectionLimit>().AddSingleton<RequestBuckets>().AddSingleton<SocketCounts>();

    /// <summary>Limits the connections of a listener.</summary>
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
