using StreamHub.Domain.Supervision;
using StreamHub.Server.Data;

namespace StreamHub.Server.Instances;

/// <summary>
/// Begins with what an earlier hub left, before the listeners open, and ends with no app running, after they closed.
/// </summary>
internal sealed class InstancesLifetime(Supervisor supervisor, Adoption adoption, ConfigurationStore configuration) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Changed += TellApps;
        TellApps(configuration.Current);
        await adoption.RunAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        configuration.Changed -= TellApps;
        supervisor.Post(new HubEvent.HubStopping());
        await supervisor.WaitForAsync(static state => state.IsStopping && !state.Runs.Any(), cancellationToken);
    }

    private void TellApps(HubConfiguration current) => supervisor.Post(new HubEvent.AppsChanged(current.Apps));
}
