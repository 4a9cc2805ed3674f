using System.Net;
using Microsoft.AspNetCore.Connections;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>Closes connections beyond what their other end, strangers together or all clients of a listener may have, before a byte of them is read.</summary>
internal sealed class ConnectionLimit(HubSettings settings, ClientClassifier standing, RefusalLog refusals)
{
    private readonly ClientCounts[] places =
    [
        .. Enum.GetValues<Listener>().Select(_ => new ClientCounts(settings.Traffic.Connections, settings.Traffic.ConnectionsPerAddress, settings.Traffic.ConnectionsOfStrangers)),
    ];

    /// <summary>What is taken of a listener.</summary>
    public ClientCounts Of(Listener listener) => places[(int)listener];

    /// <summary>The connection's way on, if it has one.</summary>
    public async Task InvokeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection is not { RemoteEndPoint: IPEndPoint remote } || connection.Features.Get<ListenerFeature>()?.Listener is not { } listener)
        {
            connection.Abort(new ConnectionAbortedException("It is not told where the connection comes from."));
            return;
        }

        var (who, isStranger) = standing.Of(remote.Address, listener);
        using var place = Of(listener).TryTake(who, isStranger);
        if (place is null)
        {
            connection.Abort(new ConnectionAbortedException("The other end, or all together, have as many connections as they may."));
            refusals.Note(new Refused(new Refused.Sort(who, RefusalReason.Connections, null), null, $"{connection.LocalEndPoint}"));
            return;
        }

        await next(connection);
    }
}
