using System.Net;
using Microsoft.AspNetCore.Connections;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.AppGuards;

/// <summary>
/// Closes connections from the hub's own apps before any byte is read: apps run on this machine and may have the address of an
/// authorized user. Only connections from the machine's own addresses are looked up; a failed lookup also closes the connection.
/// </summary>
internal sealed partial class OwnAppGuard(
    Supervisor supervisor, RunStore runs, IProcessHost host, OwnAddresses addresses, RefusalLog refusals, SteadyClock clock, ILogger<OwnAppGuard> logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long refused;
    private long loggedAt;

    /// <summary>Forwards a connection, or closes it.</summary>
    public Task InvokeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection is { RemoteEndPoint: IPEndPoint remote, LocalEndPoint: IPEndPoint own } && IsAllowed(Plain(remote), Plain(own)))
        {
            return next(connection);
        }

        connection.Abort(new ConnectionAbortedException("The client is a process of one of the hub's apps, or has disconnected."));
        return Task.CompletedTask;
    }

    private bool IsAllowed(IPEndPoint peer, IPEndPoint local)
    {
        if (!peer.Address.Equals(local.Address) && !addresses.Contains(ClientAddress.From(peer.Address)))
        {
            return true;
        }

        var check = host.CheckPeer(runs.HubId, supervisor.Processes, peer, local, out var run);
        if (check == PeerCheck.Own)
        {
            // The refusal names the app, because the address alone does not identify it.
            var app = run is { } id ? supervisor.State.Owner(id)?.Key.App : null;
            refusals.Note(new Refused(new RefusalKind(ClientAddress.From(peer.Address), RefusalReason.OwnApp, app), null, local.ToString()));
            Report(local);
        }

        return check == PeerCheck.Foreign;
    }

    private void Report(IPEndPoint local)
    {
        var count = Interlocked.Increment(ref refused);
        var (last, now) = (Volatile.Read(ref loggedAt), clock.TimeProvider.GetTimestamp());
        if ((last == 0 || clock.TimeProvider.GetElapsedTime(last, now) >= LogInterval) && Interlocked.CompareExchange(ref loggedAt, now, last) == last)
        {
            Log.Refused(logger, local, count);
        }
    }

    private static IPEndPoint Plain(IPEndPoint end) => end.Address.IsIPv4MappedToIPv6 ? new(end.Address.MapToIPv4(), end.Port) : end;

    private static partial class Log
    {
        [LoggerMessage(1701, LogLevel.Warning, "A process of one of the apps tried to reach the hub on {Local}; the connection was closed ({Count} so far)")]
        public static partial void Refused(ILogger logger, IPEndPoint local, long count);
    }
}
