using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;
using StreamHub.Server.Instances.Processes;

namespace StreamHub.Server.Instances;

/// <summary>
/// What the hub does with its past before it serves anybody: a process that it can prove to be its own and that
/// serves a registered app is adopted; everything else that carries this data directory's mark is ended.
/// </summary>
internal sealed partial class Adoption(
    Supervisor supervisor,
    IProcessHost host,
    RunStore runs,
    PortPool ports,
    ConfigurationStore configuration,
    ILogger<Adoption> logger)
{
    /// <summary>Looks once. The supervisor has been told of the registered apps before.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var marked = host.FindMarked(runs.HubId).ToLookup(process => process.Mark.Run);
        var recorded = runs.All().ToDictionary(record => record.Run);
        var adopted = ImmutableArray.CreateBuilder<AdoptedRun>();
        foreach (var run in marked.Select(group => group.Key).Union(recorded.Keys).Order())
        {
            var record = recorded.GetValueOrDefault(run);
            var alive = record?.Process is { } recordedProcess && host.IsAlive(recordedProcess);
            if (alive && configuration.Current.FindApp(record!.Instance.App) is not null)
            {
                ports.Reserve(record.Endpoint);
                adopted.Add(new AdoptedRun(record.Instance, run, new RunProcess(record.Process!, record.Endpoint), record.Created));
                Log.Adopting(logger, record.Instance, run, record.Process!.Pid);
            }
            else if (alive || marked.Contains(run))
            {
                Log.Ending(logger, run);
                var process = record?.Process ?? marked[run].First().Process;
                await host.KillTreeAsync(new RunMark(runs.HubId, run), process, cancellationToken);
            }
        }

        supervisor.Post(new HubEvent.Adopted(adopted.ToImmutable()));
        runs.Prune(run => marked.Contains(run));
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "Found {Instance} run {Run} alive (pid {Pid}); adopting it")]
        public static partial void Adopting(ILogger logger, InstanceKey instance, RunId run, int pid);

        [LoggerMessage(1302, LogLevel.Warning, "Run {Run} of an earlier hub is alive but belongs to no registered app; ending it")]
        public static partial void Ending(ILogger logger, RunId run);
    }
}
