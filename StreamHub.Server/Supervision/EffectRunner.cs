using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Supervision;

/// <summary>
/// Executes the supervisor's effects, each in a task of its own, in no order. Every launch results in an event, and every
/// launched run in an exit event, even when the machine lacks resources to watch it.
/// </summary>
internal sealed partial class EffectRunner(
    IProcessHost host,
    RunStore runs,
    RunOutput output,
    StartFaults faults,
    PortPool ports,
    LaunchPlanner planner,
    RuntimeAdapters runtimes,
    RunSecrets secrets,
    ReadinessProbe probe,
    RunEnding ending,
    SteadyClock clock,
    IHostApplicationLifetime lifetime,
    ILogger<EffectRunner> logger) : IEffectRunner
{
    /// <summary>Interval between attempts to watch a process while no thread or handle is available.</summary>
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Run(HubEffect effect, Action<HubEvent> post) => _ = Task.Run(() => GuardAsync(effect, post));

    private async Task GuardAsync(HubEffect effect, Action<HubEvent> post)
    {
        try
        {
            await (effect switch
            {
                HubEffect.Launch launch => LaunchAsync(launch, post),
                HubEffect.Probe started => FollowAsync(started, post),
                HubEffect.Drain drain => DrainAsync(drain),
                HubEffect.Terminate terminate => TerminateAsync(terminate),
                HubEffect.Kill kill => KillAsync(kill),
                _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "Unknown effect."),
            });
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopped.IsCancellationRequested)
        {
            // The hub stopped before the process exited.
        }
        catch (Exception exception)
        {
            // A process that cannot be asked to end is killed after the grace period.
            Log.EffectFailed(logger, effect, exception);
        }
    }

    private RunMark Mark(RunId run) => new(runs.HubId, run);

    private async Task LaunchAsync(HubEffect.Launch launch, Action<HubEvent> post)
    {
        AppEndpoint? endpoint = null;
        ProcessIdentity? started = null;
        try
        {
            endpoint = ports.Rent();
            var record = new RunRecord(launch.Run, launch.Instance, endpoint.Value, clock.Wall, Process: null);
            runs.Record(record);
            var (plan, environment) = planner.Prepare(launch.App, launch.Run, endpoint.Value);
            started = host.Start(new ProcessStart(
                Mark(launch.Run), plan.Argv, plan.WorkingDirectory, environment.Values, endpoint.Value, runs.OutputFile(launch.Run)));
            var process = new RunProcess(started, endpoint.Value);
            runs.Record(record with { Process = started });
            post(new HubEvent.Launched(launch.Run, process));
        }
        catch (Exception exception)
        {
            if (endpoint is { } rented)
            {
                ports.Return(rented);
            }

            // A started process without a record would be unowned: it is found by its mark and ended.
            if (await ending.EndAsync(launch.Run, started ?? NoProcess) && started is not null)
            {
                // Collects the exit status: no other waiter exists.
                await host.WaitForExitAsync(started, lifetime.ApplicationStopped);
            }

            Amend(launch.Run, static record => record with { IsOver = true });
            Log.LaunchFailed(logger, launch.Instance, launch.Run, exception.Message);
            post(new HubEvent.LaunchFailed(launch.Run, exception.Message, IsShortage(exception)));
        }
    }

    /// <summary>Whether the hub or its machine lacked a resource that any app would need.</summary>
    private static bool IsShortage(Exception exception) => exception
        is ProcessStartException { IsShortage: true } or PortsExhaustedException or IOException or UnauthorizedAccessException or OutOfMemoryException;

    private async Task FollowAsync(HubEffect.Probe started, Action<HubEvent> post)
    {
        var (run, process) = (started.Run, started.Process);
        ports.Reserve(process.Endpoint);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopped);

        // In parallel: a scan of all sockets on a busy machine takes time, and an exit must be noticed meanwhile.
        var probing = Task.Run(() => ProbeAsync(started, post, over.Token), CancellationToken.None);
        var outcome = await WatchAsync(process.Identity);
        await over.CancelAsync();
        var (isReady, refusal) = await probing;
        outcome = refusal is null ? outcome : new ExitOutcome.Refused(refusal);

        // Processes left behind by the main process would keep its port and memory.
        await ending.EndAsync(run, process.Identity);
        ports.Return(process.Endpoint);
        Amend(run, static record => record with { IsOver = true });

        // The output is read only here; all consumers get it from the event.
        var (end, fault) = (output.Ending(run), faults.Take(run));
        post(new HubEvent.Exited(run, outcome)
        {
            Output = isReady ? end : end with { Fault = runtimes.Of(started.App).ReadFault(end.Lines, process.Endpoint) ?? fault },
        });
    }

    private async Task<ExitOutcome> WatchAsync(ProcessIdentity process)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await host.WaitForExitAsync(process, lifetime.ApplicationStopped);
            }
            catch (Exception exception) when (!lifetime.ApplicationStopped.IsCancellationRequested)
            {
                if (tries == 1)
                {
                    Log.NotWatched(logger, process.Pid, exception.Message);
                }

                await Task.Delay(WatchPause, clock.TimeProvider, lifetime.ApplicationStopped);
            }
        }
    }

    /// <summary>Never throws: a run that cannot be checked is refused.</summary>
    /// <returns>Whether the run was ready, and why it was ended; null when the probe did not end it.</returns>
    private async Task<(bool IsReady, string? Refusal)> ProbeAsync(HubEffect.Probe started, Action<HubEvent> post, CancellationToken cancellationToken)
    {
        string? refusal;
        try
        {
            refusal = await RefusalAsync(started, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // It exited before it was ready.
            return (false, null);
        }
        catch (Exception exception)
        {
            refusal = $"StreamHub could not find out whether it may serve: {exception.Message}";
        }

        if (refusal is null)
        {
            Amend(started.Run, static record => record with { IsReady = true });
            faults.Take(started.Run);
            post(new HubEvent.BecameReady(started.Run));
            return (true, null);
        }

        Log.Refused(logger, started.Run, refusal);
        try
        {
            await runs.AppendOutputAsync(started.Run, refusal, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Log.NotAmended(logger, started.Run, exception.Message);
        }

        // FollowAsync waits for the exit, which this call causes, and only then for this method: no deadlock.
        await ending.EndAsync(started.Run, started.Process.Identity);
        return (false, refusal);
    }

    private async Task<string?> RefusalAsync(HubEffect.Probe started, CancellationToken cancellationToken)
    {
        var runtime = runtimes.Of(started.App);
        if (await probe.WaitAsync(Mark(started.Run), started.Process, started.App, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // A script of many minutes, a board that never ends and an app that was slow to start have shown enough when the time is over.
        return started.VisitUntil - clock.Now is not { } patience || patience <= TimeSpan.Zero ? null
            : await runtime.VisitAsync(started.App, started.Process.Endpoint, secrets.Pairing(started.Run), runsScript: true, patience, cancellationToken) switch
        {
            VisitResult.ScriptFailed { Why: var why } => $"StreamHub kept the old run and ended the new one: {why}.",
            VisitResult.NoSession { Why: var why } => $"StreamHub kept the old run and ended the new one: {why}.",
            _ => null,
        };
    }

    private Task DrainAsync(HubEffect.Drain drain)
    {
        var until = clock.OnWall(drain.Deadline);
        Amend(drain.Run, record => record with { DrainUntil = until, DrainWhy = drain.Why });
        return Task.CompletedTask;
    }

    private Task TerminateAsync(HubEffect.Terminate terminate)
    {
        Amend(terminate.Run, static record => record with { IsEnding = true });
        host.Terminate(Mark(terminate.Run), terminate.Process.Identity);
        return Task.CompletedTask;
    }

    private async Task KillAsync(HubEffect.Kill kill)
    {
        Amend(kill.Run, static record => record with { IsEnding = true });
        await ending.EndAsync(kill.Run, kill.Process.Identity);
    }

    private void Amend(RunId run, Func<RunRecord, RunRecord> change)
    {
        try
        {
            runs.Amend(run, change);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only the next hub needs the record.
            Log.NotAmended(logger, run, exception.Message);
        }
    }

    private static readonly ProcessIdentity NoProcess = new(0, 0, "");

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "{Instance} run {Run} could not be launched: {Message}")]
        public static partial void LaunchFailed(ILogger logger, InstanceKey instance, RunId run, string message);

        [LoggerMessage(1102, LogLevel.Error, "Ending run {Run}: {Refusal}")]
        public static partial void Refused(ILogger logger, RunId run, string refusal);

        [LoggerMessage(1104, LogLevel.Warning, "The state of run {Run} could not be recorded: {Message}")]
        public static partial void NotAmended(ILogger logger, RunId run, string message);

        [LoggerMessage(1105, LogLevel.Error, "The exit of process {Pid} cannot be watched at the moment; retrying each second: {Message}")]
        public static partial void NotWatched(ILogger logger, int pid, string message);

        [LoggerMessage(1103, LogLevel.Error, "An effect failed: {Effect}")]
        public static partial void EffectFailed(ILogger logger, HubEffect effect, Exception exception);
    }
}
