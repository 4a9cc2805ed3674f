using System.Net;
using Microsoft.AspNetCore.Connections;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>
/// Closes connections beyond the limit of their client, of all unauthenticated clients together or of the listener, before a byte is read. Without
/// a request there is no <see cref="Caller"/> yet: the peer's address decides for the whole connection.
/// </summary>
internal sealed class ConnectionLimit(HubSettings settings, ConfigurationStore configuration, CurrentPolicy policy, ClientAddressResolver addresses, RefusalLog refusals)
{
    private readonly ClientCounts[] places =
    [
        .. Enum.GetValues<Listener>().Select(_ => new ClientCounts(settings.Traffic.Connections, settings.Traffic.ConnectionsPerAddress, settings.Traffic.UnregisteredConnections)),
    ];

    /// <summary>The connections of a listener.</summary>
    public ClientCounts Of(Listener listener) => places[(int)listener];

    /// <summary>Accepts the connection or aborts it.</summary>
    public async Task InvokeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection is not { RemoteEndPoint: IPEndPoint remote } || connection.Features.Get<ListenerInfo>()?.Listener is not { } listener)
        {
            connection.Abort(new ConnectionAbortedException("The connection has no remote IP endpoint or listener."));
            return;
        }

        LimitedClient? client = addresses.DirectClient(remote.Address) is { } address ? LimitedClient.Of(address, IsAdmitted(address, listener)) : null;
        using var place = Of(listener).TryTake(client);
        if (place is null)
        {
            connection.Abort(new ConnectionAbortedException("The connection limit of the client or of the listener is reached."));
            refusals.Note(new Refused(new RefusalKind(client?.Address, RefusalReason.Connections, null), null, $"{connection.LocalEndPoint}"));
            return;
        }

        await next(connection);
    }

    private bool IsAdmitted(ClientAddress address, Listener listener)
    {
        try
        {
            return policy.Admit(configuration.Current, address, listener).User is not null;
        }
        catch (Exception)
        {
            // Each request meets the same fault, and the gate reports it.
            return false;
        }
    }
}
