using System.Net;
using Microsoft.AspNetCore.Connections;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Limits;

/// <summary>
/// Closes connections beyond what their client, all unauthenticated clients together or all clients of a listener may have, before a byte of
/// them is read. There is no request and so no <see cref="Caller"/> yet: the address at the other end is decided for the whole connection.
/// </summary>
internal sealed class ConnectionLimit(HubSettings settings, ConfigurationStore configuration, CurrentPolicy policy, ClientAddressResolver addresses, RefusalLog refusals)
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
        if (connection is not { RemoteEndPoint: IPEndPoint remote } || connection.Features.Get<ListenerInfo>()?.Listener is not { } listener)
        {
            connection.Abort(new ConnectionAbortedException("It is not told where the connection comes from."));
            return;
        }

        LimitedClient? client = addresses.DirectClient(remote.Address) is { } address ? LimitedClient.Of(address, IsAdmitted(address, listener)) : null;
        using var place = Of(listener).TryTake(client);
        if (place is null)
        {
            connection.Abort(new ConnectionAbortedException("The other end, or all together, have as many connections as they may."));
            refusals.Note(new Refused(new Refused.Sort(client?.Address, RefusalReason.Connections, null), null, $"{connection.LocalEndPoint}"));
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
            // Each request meets the same fault, and the gate says so.
            return false;
        }
    }
}
