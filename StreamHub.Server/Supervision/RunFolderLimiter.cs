using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Limits the disk use of runs: the output of living runs, checked more often the faster a run prints, and the number of run
/// directories, checked after each start and end.
/// </summary>
internal sealed partial class RunFolderLimiter(Supervisor supervisor, RunStore runs, RunOutput output, RunEnding ending, SteadyClock clock, ILogger<RunFolderLimiter> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes at the last check.</summary>
    private Dictionary<RunId, long> lengths = [];

    private HashSet<RunId> living = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.TimeProvider);
        var looked = clock.TimeProvider.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.TimeProvider.GetTimestamp();
            timer.Period = Look(clock.TimeProvider.GetElapsedTime(looked, now));
            looked = now;
        }
    }

    /// <returns>Time until the next check: before the fastest run has filled its file.</returns>
    private TimeSpan Look(TimeSpan elapsed)
    {
        var next = Interval;
        var before = lengths;
        lengths = [];
        if (supervisor.State.Runs.Select(owned => owned.Run.Id).ToHashSet() is var now && !now.SetEquals(living))
        {
            living = now;

            // A run that could not be killed yet has left the state, but still prints.
            runs.Prune(run => now.Contains(run) || ending.IsEnding(run));
        }

        // A run that ended since the last check is checked once more.
        foreach (var run in living.Union(before.Keys))
        {
            try
            {
                var length = output.Bound(run);
                if (length - before.GetValueOrDefault(run) is var printed and > 0)
                {
                    var toFill = elapsed * (RunOutput.Limit / (double)printed);
                    next = toFill < next ? toFill : next;
                }

                if (living.Contains(run))
                {
                    lengths[run] = length > RunOutput.Limit ? 0 : length;
                }
                else
                {
                    output.Forget(run);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Failed(logger, run, exception.Message);
            }
        }

        return next > Shortest ? next : Shortest;
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Warning, "The output of run {Run} could not be shortened: {Message}")]
        public static partial void Failed(ILogger logger, RunId run, string message);
    }
}
