using Microsoft.AspNetCore.SignalR;
using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Telemetry;

/// <summary><c>/hubs/live</c>: the live feed for any SignalR client.</summary>
internal sealed class LiveHub(LiveFeed feed) : Hub
{
    /// <summary>The latest snapshot, then one a second.</summary>
    public IAsyncEnumerable<HubSnapshot> Snapshots(CancellationToken cancellationToken) => feed.Subscribe(cancellationToken);
}
