using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>The WebSockets that are open, for each listener.</summary>
internal sealed class SocketPlaces(HubSettings settings)
{
    private readonly Places[] places =
    [
        .. Enum.GetValues<Listener>().Select(_ => new Places(settings.Traffic.Sockets, settings.Traffic.SocketsPerAddress, settings.Traffic.Sockets)),
    ];

    /// <summary>Those of a listener.</summary>
    public Places Of(Listener listener) => places[(int)listener];
}
