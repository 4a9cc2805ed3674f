using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Instances.Processes;

namespace StreamHub.Server.Instances;

/// <summary>
/// What the hub does with its past before it serves anybody: processes that it can prove to be its own are offered to the
/// supervisor, which adopts or ends them; everything else that carries this data directory's mark is ended here.
/// </summary>
internal sealed partial class Adoption(
    IProcessHost host,
    RunStore runs,
    PortPool ports,
    ILogger<Adoption> logger)
{
    /// <summary>Looks once, and ends what nobody can say anything about.</summary>
    /// <returns>What the supervisor has to decide on.</returns>
    public async Task<HubEvent.Adopted> FindAsync(CancellationToken cancellationToken)
    {
        var marked = host.FindMarked(runs.HubId).ToLookup(process => process.Mark.Run);
        var recorded = runs.All().ToDictionary(record => record.Run);
        var adopted = ImmutableArray.CreateBuilder<AdoptedRun>();
        foreach (var run in marked.Select(group => group.Key).Union(recorded.Keys).Order())
        {
            var record = recorded.GetValueOrDefault(run);
            var alive = record?.Process is { } recordedProcess && host.IsAlive(recordedProcess);
            if (alive)
            {
                ports.Reserve(record!.Endpoint);
                adopted.Add(new AdoptedRun(record.Instance, run, new RunProcess(record.Process!, record.Endpoint), record.Created, record.IsReady, record.IsEnding));
                Log.Found(logger, record.Instance, run, record.Process!.Pid);
            }
            else if (marked.Contains(run))
            {
                Log.Ending(logger, run);
                var process = record?.Process ?? marked[run].First().Process;
                await host.KillTreeAsync(new RunMark(runs.HubId, run), process, cancellationToken);
            }
        }

        runs.Prune(run => marked.Contains(run));
        return new HubEvent.Adopted(adopted.ToImmutable());
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "Found {Instance} run {Run} alive (pid {Pid})")]
        public static partial void Found(ILogger logger, InstanceKey instance, RunId run, int pid);

        [LoggerMessage(1302, LogLevel.Warning, "Run {Run} of an earlier hub is alive, and what it was is not known; ending it")]
        public static partial void Ending(ILogger logger, RunId run);
    }
}
