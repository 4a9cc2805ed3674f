using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>The open WebSockets of each listener.</summary>
internal sealed class SocketCounts(HubSettings settings)
{
    private readonly ClientCounts[] places =
    [
        .. Enum.GetValues<Listener>().Select(_ => new ClientCounts(settings.Traffic.Sockets, settings.Traffic.SocketsPerAddress, settings.Traffic.Sockets)),
    ];

    public ClientCounts Of(Listener listener) => places[(int)listener];
}
