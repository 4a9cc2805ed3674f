using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Server.Configuration;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// Everything under way that may outlast its visitor's rights: forwards to apps, and the sockets of both listeners. It decides anew, by
/// the policy of the moment instead of the request's <see cref="Caller"/>: at each change of the configuration, and within a second when
/// a user's time or that of the last good policy ends. A renamed user keeps all but the instance that had the old name.
/// All are told when the hub stops, which would otherwise wait for its visitors.
/// </summary>
internal sealed class OpenConnections : IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Connection, bool> connections = new();
    private readonly ConfigurationStore configuration;
    private readonly CurrentPolicy policy;
    private readonly CancellationToken stopping;
    private readonly ITimer timer;

    public OpenConnections(ConfigurationStore configuration, CurrentPolicy policy, SteadyClock clock, IHostApplicationLifetime lifetime)
    {
        this.configuration = configuration;
        this.policy = policy;
        stopping = lifetime.ApplicationStopping;
        configuration.Changed += Recheck;
        timer = clock.TimeProvider.CreateTimer(_ => Recheck(), null, CheckInterval, CheckInterval);
    }

    /// <summary>Registers a connection until the result is disposed.</summary>
    /// <param name="instance">Where to; null for an admin's socket to the hub itself.</param>
    public Connection Open(Visitor visitor, InstanceKey? instance, HttpContext context) =>
        Open(current => IsAllowed(visitor, instance, current), context);

    /// <summary>Registers a script's socket to the live hub until the result is disposed.</summary>
    public Connection Open(ApiToken token, HttpContext context) =>
        Open(current => policy.Decide(current, token.Hash, changes: false) is TokenDecision.Admitted, context);

    public void Dispose()
    {
        configuration.Changed -= Recheck;
        timer.Dispose();
    }

    private void Recheck() => Recheck(connections.Keys, configuration.Current);

    /// <summary>Cuts all first: to clear up behind one takes longer than to cut a hundred.</summary>
    private static void Recheck(IEnumerable<Connection> connections, HubConfiguration current)
    {
        Connection[] lost = [.. connections.Where(connection => !connection.IsAllowed(current))];
        foreach (var connection in lost)
        {
            connection.Cut();
        }

        foreach (var connection in lost)
        {
            connection.End();
        }
    }

    private Connection Open(Func<HubConfiguration, bool> isAllowed, HttpContext context)
    {
        var socket = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } ? context.Features.Get<IConnectionSocketFeature>()?.Socket : null;
        var connection = new Connection(this, isAllowed, socket, context.RequestAborted);
        connections[connection] = true;

        // The caller was decided on a snapshot that may have been replaced before this connection was registered.
        Recheck([connection], configuration.Current);
        return connection;
    }

    private bool IsAllowed(Visitor visitor, InstanceKey? instance, HubConfiguration current) =>
        policy.Decide(current, visitor.Address) is AccessDecision.Admitted { User: var known } && visitor.As(known) is var now
        && now.IsSameAs(visitor.User) && now.Role == visitor.User.Role
        && (instance is { } to
            ? now.MayOpen(to.App) && current.FindApp(to.App) is { } app && InstanceKey.For(app, now.Name) == to
            : now.Role == Role.Admin);

    /// <summary>One connection; disposing it ends its registration.</summary>
    public sealed class Connection(OpenConnections owner, Func<HubConfiguration, bool> isAllowed, Socket? socket, CancellationToken requestAborted) : IDisposable
    {
        private readonly CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, owner.stopping);

        /// <summary>Whether the visitor lost the right to it.</summary>
        public bool IsRevoked { get; private set; }

        /// <summary>Whether the hub is stopping.</summary>
        public bool IsStopping => owner.stopping.IsCancellationRequested;

        /// <summary>Fires when the client left, the visitor lost the right or the hub stops.</summary>
        public CancellationToken Token => cancellation.Token;

        public void Dispose()
        {
            owner.connections.TryRemove(this, out _);
            lock (cancellation)
            {
                cancellation.Dispose();
            }
        }

        internal bool IsAllowed(HubConfiguration current) => isAllowed(current);

        /// <summary>Nothing comes or goes any more on a WebSocket; what else it is ends with <see cref="End"/>.</summary>
        internal void Cut()
        {
            lock (cancellation)
            {
                if (!IsRevoked && IsOpen)
                {
                    IsRevoked = true;
                    try
                    {
                        socket?.Shutdown(SocketShutdown.Both);
                    }
                    catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                    {
                        // It has ended by itself.
                    }
                }
            }
        }

        internal void End()
        {
            lock (cancellation)
            {
                if (IsOpen)
                {
                    // On a timer's thread: the reload that revokes does not run what follows the cancellation.
                    cancellation.CancelAfter(TimeSpan.Zero);
                }
            }
        }

        private bool IsOpen => owner.connections.ContainsKey(this);
    }
}
