using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>
/// What the hub does with its past before it serves anybody: processes that it can prove to be its own are offered to the
/// supervisor, which adopts or ends them; everything else that carries this data directory's mark, or is recorded and does not carry it,
/// is ended here. Of a run that is gone it is told that it is.
/// </summary>
internal sealed partial class Adoption(
    IProcessHost host,
    RunStore runs,
    RunOutput output,
    PortPool ports,
    RunEnding ending,
    SteadyClock clock,
    ILogger<Adoption> logger)
{
    /// <summary>Looks once, and ends what nobody can say anything about.</summary>
    /// <returns>What the supervisor has to decide on, and what is to be told.</returns>
    public async Task<HubEvent.Adopted> FindAsync(CancellationToken cancellationToken)
    {
        var marked = host.FindMarked(runs.HubId).ToLookup(process => process.Mark.Run, process => process.Process);
        var recorded = runs.All().ToDictionary(record => record.Run);
        var adopted = ImmutableArray.CreateBuilder<AdoptedRun>();
        var lost = new List<LostRun>();
        var endings = new List<Task>();
        foreach (var run in marked.Select(group => group.Key).Union(recorded.Keys).Order())
        {
            var record = recorded.GetValueOrDefault(run);
            if (record?.Process is { } proven && marked[run].Contains(proven))
            {
                ports.Reserve(record.Endpoint);
                adopted.Add(new AdoptedRun(record.Instance, run, new RunProcess(proven, record.Endpoint), clock.OffWall(record.Created), record.IsReady, record.IsEnding)
                {
                    DrainUntil = record.DrainUntil is { } until ? clock.OffWall(until) : null,
                    DrainWhy = record.DrainWhy,
                });
                Log.Found(logger, record.Instance, run, proven.Pid);
                continue;
            }

            // What was recorded and does not carry the mark, or is another run's, is not proven to be this one's.
            var main = record?.Process is { } process && !marked.Any(group => group.Contains(process)) ? process : marked[run].FirstOrDefault();
            if (marked.Contains(run) || (main is not null && host.IsAlive(main)))
            {
                Log.Ending(logger, run);
                endings.Add(ending.EndAsync(run, main!));
            }

            if (record is { IsOver: false })
            {
                lost.Add(new LostRun(record.Instance, run, record.Created, record.IsReady, record.IsEnding || record.DrainUntil is not null));
                Close(run);
            }
        }

        await Task.WhenAll(endings).WaitAsync(cancellationToken);
        var found = new HubEvent.Adopted(adopted.ToImmutable()) { Lost = [.. lost.Select(run => run with { Output = output.Ending(run.Run) })] };
        runs.Prune(run => marked.Contains(run));
        return found;
    }

    /// <summary>An end is told once.</summary>
    private void Close(RunId run)
    {
        try
        {
            runs.Amend(run, static record => record with { IsOver = true });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotClosed(logger, run, exception.Message);
        }
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

            await ending.EndAsync(run.Key.Run, main);
        }));
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "Found {Instance} run {Run} alive (pid {Pid})")]
        public static partial void Found(ILogger logger, InstanceKey instance, RunId run, int pid);

        [LoggerMessage(1303, LogLevel.Warning, "That the end of run {Run} has been told could not be written down; it will be told again: {Message}")]
        public static partial void NotClosed(ILogger logger, RunId run, string message);

        [LoggerMessage(1302, LogLevel.Warning, "Run {Run} of an earlier hub is alive, and it is not known what it was, or it does not end by itself; ending it")]
        public static partial void Ending(ILogger logger, RunId run);
    }
}
