using System.Collections.Immutable;
using System.Threading.Channels;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Adopts the runs of an earlier hub before the listeners open, and stops all runs after they closed, unless the hub restarts at
/// once.
/// </summary>
internal sealed partial class SupervisionLifetime(
    Supervisor supervisor,
    Adoption adoption,
    HoldStore holds,
    LineStore line,
    HubExit exit,
    ConfigurationStore configuration,
    DatabasePreparation data,
    HubSettings settings,
    SteadyClock clock,
    ILogger<SupervisionLifetime> logger)
    : IHostedService
{
    /// <summary>Time between the kill and the exit event.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The registered apps: written by the configuration reload, which must not wait for the disk, and read by the task that
    /// removes obsolete holds. It reads every version: in the latest alone, an app that was removed and added again was never gone.
    /// </summary>
    private readonly Channel<ImmutableArray<App>> registered = Channel.CreateUnbounded<ImmutableArray<App>>(new() { SingleReader = true });

    private Task forgetting = Task.CompletedTask;
    private bool hasBegun;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var found = await adoption.FindAsync(cancellationToken);

        // The listeners open after this step: before it, a held app would look as if it started.
        await supervisor.AskAsync(new HubEvent.HubStarted(new HubEvent.AppsChanged(configuration.Current.Apps), holds.Read(), found) { Line = line.Read() }).WaitAsync(cancellationToken);

        // Posted again: the apps may have changed during adoption.
        forgetting = ForgetAsync();
        configuration.Changed += TellApps;
        TellApps();
        hasBegun = true;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        configuration.Changed -= TellApps;
        registered.Writer.TryComplete();
        await forgetting;
        var leaves = await exit.KeepsAppsAsync(cancellationToken);
        if (!hasBegun)
        {
            // These runs have no supervisor. Without the directory's lock they belong to another running hub.
            if (!leaves && data.HoldsDirectory)
            {
                await adoption.EndAsync(settings.Limits.StopGrace);
            }

            return;
        }

        supervisor.Post(leaves ? new HubEvent.HubLeaving() : new HubEvent.HubStopping());

        // Independent of the host's token: however long the listeners took to close, the apps get their grace period and then
        // the kill.
        using var patience = new CancellationTokenSource(settings.Limits.StopGrace + KillPatience, clock.TimeProvider);
        try
        {
            await supervisor.WaitForAsync(state => state.Phase is not HubPhase.Running && (leaves || !state.Runs.Any()), patience.Token);
        }
        catch (OperationCanceledException)
        {
            Log.LeftBehind(logger, string.Join(", ", supervisor.State.Runs.Select(left => $"{left.Run.Id} (pid {left.Run.Process?.Identity.Pid})")));
        }
    }

    private void TellApps()
    {
        var current = configuration.Current;
        supervisor.Post(new HubEvent.AppsChanged(current.Apps));

        // An empty configuration means that it was never loaded.
        if (!ReferenceEquals(current, HubConfiguration.Empty))
        {
            registered.Writer.TryWrite(current.Apps);
        }
    }

    private async Task ForgetAsync()
    {
        await foreach (var apps in registered.Reader.ReadAllAsync())
        {
            holds.Forget(apps);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1304, LogLevel.Error, "Runs that could not be ended; the next start of the hub retries: {Runs}")]
        public static partial void LeftBehind(ILogger logger, string runs);
    }
}
