using System.Collections.Concurrent;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Ends runs with all that they started. There is one loop for a run, whoever asks and however often: what withstands it (a process
/// that waits in the kernel for a dead disk cannot be killed) holds nobody up for longer than <see cref="Patience"/>, and is tried
/// again each <see cref="Pause"/> until it is gone.
/// </summary>
internal sealed partial class RunEnding(IProcessHost host, RunStore runs, SteadyClock clock, IHostApplicationLifetime lifetime, ILogger<RunEnding> logger)
{
    /// <summary>How long one try lasts.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>From one try to the next.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RunId, Lazy<Task<bool>>> ending = new();

    /// <summary>Ends a run. It does not fail.</summary>
    /// <returns>Whether nothing is left of it; else it is tried on.</returns>
    /// <exception cref="OperationCanceledException">The hub is gone before the run is.</exception>
    public Task<bool> EndAsync(RunId run, ProcessIdentity process) =>
        ending.GetOrAdd(run, _ => new Lazy<Task<bool>>(() => BeginAsync(run, process))).Value;

    /// <summary>Whether a run is being ended.</summary>
    public bool IsEnding(RunId run) => ending.ContainsKey(run);

    private async Task<bool> BeginAsync(RunId run, ProcessIdentity process)
    {
        if (await TryAsync(run, process) is not { } withstood)
        {
            ending.TryRemove(run, out _);
            return true;
        }

        Log.Withstands(logger, run, Patience, Pause, withstood);
        _ = Task.Run(() => GoOnAsync(run, process), CancellationToken.None);
        return false;
    }

    private async Task GoOnAsync(RunId run, ProcessIdentity process)
    {
        try
        {
            do
            {
                await Task.Delay(Pause, clock.TimeProvider, lifetime.ApplicationStopped);
            }
            while (await TryAsync(run, process) is not null);

            ending.TryRemove(run, out _);
            Log.Gone(logger, run);
        }
        catch (OperationCanceledException)
        {
            // The next hub goes on.
        }
    }

    /// <returns>Null when nothing is left, else why something is.</returns>
    private async Task<string?> TryAsync(RunId run, ProcessIdentity process)
    {
        using var patience = new CancellationTokenSource(Patience, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopped);
        try
        {
            await host.KillTreeAsync(new RunMark(runs.HubId, run), process, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopped.IsCancellationRequested)
        {
            return "something of it is still alive";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1311, LogLevel.Error, "Run {Run} could not be ended within {Patience}, and is tried again each {Pause}: {Why}")]
        public static partial void Withstands(ILogger logger, RunId run, TimeSpan patience, TimeSpan pause, string why);

        [LoggerMessage(1312, LogLevel.Information, "Run {Run}, which withstood its end, is gone")]
        public static partial void Gone(ILogger logger, RunId run);
    }
}
