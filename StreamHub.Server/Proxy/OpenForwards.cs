using System.Collections.Concurrent;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Proxy;

/// <summary>
/// Every forward that is under way. Whoever is no longer allowed is cut off: at each change of the configuration,
/// and within a second when a user's time ends. All are when the hub stops, which would else wait for its visitors.
/// </summary>
internal sealed class OpenForwards : IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Forward, bool> forwards = new();
    private readonly ConfigurationStore configuration;
    private readonly SteadyClock clock;
    private readonly CancellationToken stopping;
    private readonly ITimer timer;

    public OpenForwards(ConfigurationStore configuration, SteadyClock clock, IHostApplicationLifetime lifetime)
    {
        this.configuration = configuration;
        this.clock = clock;
        stopping = lifetime.ApplicationStopping;
        configuration.Changed += Recheck;
        timer = clock.TimeProvider.CreateTimer(_ => Recheck(configuration.Current), null, CheckInterval, CheckInterval);
    }

    /// <summary>Registers a forward until the result is disposed.</summary>
    public Forward Open(Visitor visitor, InstanceKey instance, CancellationToken requestAborted)
    {
        var forward = new Forward(this, visitor, instance, requestAborted);
        forwards[forward] = true;

        // The gate decided on a snapshot that may have been replaced before this forward was registered.
        Recheck(forward, configuration.Current);
        return forward;
    }

    public void Dispose()
    {
        configuration.Changed -= Recheck;
        timer.Dispose();
    }

    private void Recheck(HubConfiguration current)
    {
        foreach (var forward in forwards.Keys)
        {
            Recheck(forward, current);
        }
    }

    private void Recheck(Forward forward, HubConfiguration current)
    {
        var (address, user) = forward.Visitor;
        var allowed = current.Policy.Decide(address, clock.Now) is AccessDecision.Admitted { User: var now }
            && now.Name == user.Name && now.Role == user.Role && now.MayOpen(forward.Instance.App)
            && current.FindApp(forward.Instance.App) is { } app && InstanceKey.For(app, now.Name) == forward.Instance;
        if (!allowed)
        {
            forward.Revoke();
        }
    }

    /// <summary>One forward; disposing it ends its registration.</summary>
    public sealed class Forward(OpenForwards owner, Visitor visitor, InstanceKey instance, CancellationToken requestAborted) : IDisposable
    {
        private readonly CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, owner.stopping);

        public Visitor Visitor { get; } = visitor;

        public InstanceKey Instance { get; } = instance;

        /// <summary>Whether the visitor lost the right to this app.</summary>
        public bool IsRevoked { get; private set; }

        /// <summary>Whether the hub is stopping.</summary>
        public bool IsStopping => owner.stopping.IsCancellationRequested;

        /// <summary>Fires when the client left, the visitor lost the right or the hub stops.</summary>
        public CancellationToken Token => cancellation.Token;

        public void Dispose()
        {
            owner.forwards.TryRemove(this, out _);
            lock (cancellation)
            {
                cancellation.Dispose();
            }
        }

        internal void Revoke()
        {
            lock (cancellation)
            {
                if (!IsRevoked && owner.forwards.ContainsKey(this))
                {
                    IsRevoked = true;

                    // On a timer's thread: the reload that revokes does not run what follows the cancellation.
                    cancellation.CancelAfter(TimeSpan.Zero);
                }
            }
        }
    }
}
