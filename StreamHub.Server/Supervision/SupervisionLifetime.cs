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
/// Begins with what an earlier hub left, before the listeners open, and ends after they closed: with no app running, unless the
/// hub comes back at once.
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
    /// <summary>From the kill to the news of the end.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>The apps that are registered: written by the reload, which must not wait for a disk, and read by what forgets their holds.</summary>
    private readonly Channel<ImmutableArray<App>> registered = Channel.CreateBounded<ImmutableArray<App>>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task forgetting = Task.CompletedTask;
    private bool hasBegun;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var found = await adoption.FindAsync(cancellationToken);
        supervisor.Post(new HubEvent.HubStarted(new HubEvent.AppsChanged(configuration.Current.Apps), holds.Read(), found) { Line = line.Read() });

        // Told once more: they may have changed while it was looked round.
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
            // Nobody supervises what an earlier hub left. Without the directory they are another hub's, which runs.
            if (!leaves && data.HoldsDirectory)
            {
                await adoption.EndAsync(settings.Limits.StopGrace);
            }

            return;
        }

        supervisor.Post(leaves ? new HubEvent.HubLeaving() : new HubEvent.HubStopping());

        // Not the host's token: however long the listeners took to close, the apps get their grace and then their end.
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

        // Before it was ever read it is empty, and says nothing.
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
        [LoggerMessage(1304, LogLevel.Error, "These runs could not be ended; the next start of the hub tries again: {Runs}")]
        public static partial void LeftBehind(ILogger logger, string runs);
    }
}
