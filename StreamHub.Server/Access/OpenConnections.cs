using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Tokens;
using StreamHub.Server.Configuration;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// All open connections that may outlive their visitor's access: forwards to apps, and the sockets of both listeners. Access is decided anew by the
/// current policy, not by the request's <see cref="Caller"/>: at each change of the configuration, and within a second after a user's access or the
/// last good policy expires. A renamed user keeps all connections except those to the instance under the old name. All connections are cancelled
/// when the hub stops; the stop would otherwise wait for them.
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
    /// <param name="instance">The target; null for an admin's socket to the hub itself.</param>
    public Connection Open(Visitor visitor, InstanceKey? instance, HttpContext context) =>
        Open(current => IsAllowed(visitor, instance, current), context);

    /// <summary>Registers a script's live-hub socket until the result is disposed.</summary>
    public Connection Open(ApiToken token, HttpContext context) =>
        Open(current => policy.Decide(current, token.Hash, changes: false) is TokenDecision.Admitted, context);

    public void Dispose()
    {
        configuration.Changed -= Recheck;
        timer.Dispose();
    }

    private void Recheck() => Recheck(connections.Keys, configuration.Current);

    /// <summary>Closes all revoked sockets first: the cleanup of one takes longer than the close of a hundred.</summary>
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
        var socket = context.Request.AsksForUpgrade() ? context.Features.Get<IConnectionSocketFeature>()?.Socket : null;
        var connection = new Connection(this, isAllowed, socket, context.RequestAborted);
        connections[connection] = true;

        // The configuration may have changed between the decision on the caller and this registration.
        Recheck([connection], configuration.Current);
        return connection;
    }

    private bool IsAllowed(Visitor visitor, InstanceKey? instance, HubConfiguration current) =>
        policy.Decide(current, visitor.Address) is AccessDecision.Admitted { User: var known } && visitor.As(known) is var now
        && now.IsSameAs(visitor.User) && now.Role == visitor.User.Role
        && (instance is { } to
            ? now.MayOpen(to.App) && current.FindApp(to.App) is { } app && InstanceKey.For(app, now.Name) == to
            : now.Role == Role.Admin);

    /// <summary>A registered connection; disposing it ends the registration.</summary>
    public sealed class Connection(OpenConnections owner, Func<HubConfiguration, bool> isAllowed, Socket? socket, CancellationToken requestAborted) : IDisposable
    {
        private readonly CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, owner.stopping);

        /// <summary>Whether the visitor lost access.</summary>
        public bool IsRevoked { get; private set; }

        public bool IsStopping => owner.stopping.IsCancellationRequested;

        /// <summary>Cancelled when the client disconnects, the visitor loses access or the hub stops.</summary>
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

        /// <summary>Shuts the socket of a WebSocket down in both directions. Other connections end with <see cref="End"/>.</summary>
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
                        // Already disposed.
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
                    // On a timer's thread: continuations of the cancellation must not run inside the reload that revokes.
                    cancellation.CancelAfter(TimeSpan.Zero);
                }
            }
        }

        private bool IsOpen => owner.connections.ContainsKey(this);
    }
}
