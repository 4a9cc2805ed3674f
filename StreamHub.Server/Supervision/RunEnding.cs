using System.Collections.Concurrent;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Kills the process trees of runs, in one loop per run for all callers. A process in uninterruptible sleep (such as an I/O wait
/// for a failed disk) cannot be killed: callers wait at most <see cref="Patience"/>, and the kill is retried each <see cref="Pause"/>
/// until the tree is gone.
/// </summary>
internal sealed partial class RunEnding(IProcessHost host, RunStore runs, SteadyClock clock, IHostApplicationLifetime lifetime, ILogger<RunEnding> logger)
{
    /// <summary>Timeout of one attempt.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Interval between attempts.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RunId, Lazy<Task<bool>>> ending = new();

    /// <summary>Ends a run. Failures are logged and retried.</summary>
    /// <returns>Whether the tree is gone; otherwise the attempts continue.</returns>
    /// <exception cref="OperationCanceledException">The hub stopped before the run ended.</exception>
    public Task<bool> EndAsync(RunId run, ProcessIdentity process) =>
        ending.GetOrAdd(run, _ => new Lazy<Task<bool>>(() => BeginAsync(run, process))).Value;

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
            // The next hub continues.
        }
    }

    /// <returns>Null when the tree is gone; otherwise the reason.</returns>
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
            return "some of its processes are still alive";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1311, LogLevel.Error, "Run {Run} could not be ended within {Patience}; retrying each {Pause}: {Why}")]
        public static partial void Withstands(ILogger logger, RunId run, TimeSpan patience, TimeSpan pause, string why);

        [LoggerMessage(1312, LogLevel.Information, "Run {Run} has ended after repeated attempts")]
        public static partial void Gone(ILogger logger, RunId run);
    }
}
