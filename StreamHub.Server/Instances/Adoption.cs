using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Hosting;
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
    SteadyClock clock,
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
                adopted.Add(new AdoptedRun(record.Instance, run, new RunProcess(record.Process!, record.Endpoint), clock.OffWall(record.Created), record.IsReady, record.IsEnding)
                {
                    DrainUntil = record.DrainUntil is { } until ? clock.OffWall(until) : null,
                    DrainWhy = record.DrainWhy,
                });
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

    /// <summary>Ends all that an earlier hub left, for a hub that is asked to end before it has taken anything over.</summary>
    /// <param name="grace">From the request to the end.</param>
    public async Task EndAsync(TimeSpan grace)
    {
        using var patience = new CancellationTokenSource(grace, clock.TimeProvider);
        await Task.WhenAll(host.FindMarked(runs.HubId).GroupBy(process => process.Mark).Select(async run =>
        {
            var main = runs.Read(run.Key.Run)?.Process ?? run.First().Process;
            host.Terminate(run.Key, main);
            try
            {
                await host.WaitForExitAsync(main, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Log.Ending(logger, run.Key.Run);
            }

            await host.KillTreeAsync(run.Key, main, CancellationToken.None);
        }));
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "Found {Instance} run {Run} alive (pid {Pid})")]
        public static partial void Found(ILogger logger, InstanceKey instance, RunId run, int pid);

        [LoggerMessage(1302, LogLevel.Warning, "Run {Run} of an earlier hub is alive, and it is not known what it was, or it does not end by itself; ending it")]
        public static partial void Ending(ILogger logger, RunId run);
    }
}
