using System.Collections.Immutable;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Handles the processes of earlier hubs, before the hub serves requests. Proven processes of this data directory are offered to
/// the supervisor, which adopts or ends them. Processes with this directory's mark but no usable record, and recorded processes
/// without the mark, are ended here. Runs that have exited are reported.
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
    /// <summary>Looks once, and ends unidentified processes.</summary>
    /// <returns>Processes for the supervisor to decide on, and exited runs to report.</returns>
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

            // A recorded process without the mark, or with the mark of another run, is not proven to be this run's.
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

    /// <summary>Marks the exit as reported, so that it is reported once.</summary>
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

    /// <summary>Ends all processes of earlier hubs, for a hub that stops before it has adopted any.</summary>
    /// <param name="grace">Time between the request to end and the kill.</param>
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

        [LoggerMessage(1303, LogLevel.Warning, "The report of the exit of run {Run} could not be recorded; it will be repeated: {Message}")]
        public static partial void NotClosed(ILogger logger, RunId run, string message);

        [LoggerMessage(1302, LogLevel.Warning, "Ending run {Run} of an earlier hub: its process is alive, but unidentified or not exiting by itself")]
        public static partial void Ending(ILogger logger, RunId run);
    }
}
