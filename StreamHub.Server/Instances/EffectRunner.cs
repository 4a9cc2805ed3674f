using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Hosting;
using StreamHub.Server.Instances.Processes;
using StreamHub.Server.Instances.Runtimes;

namespace StreamHub.Server.Instances;

/// <summary>
/// Does what the supervisor wants done: each effect in a task of its own, each failure turned into an event.
/// </summary>
public sealed partial class EffectRunner(
    IProcessHost host,
    RunStore runs,
    PortPool ports,
    LaunchPlanner planner,
    ReadinessProbe probe,
    SteadyClock clock,
    IHostApplicationLifetime lifetime,
    ILogger<EffectRunner> logger) : IEffectRunner
{
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
            // The hub is gone before the process is.
        }
        catch (Exception exception)
        {
            Log.EffectFailed(logger, effect, exception);
        }
    }

    private RunMark Mark(RunId run) => new(runs.HubId, run);

    private async Task LaunchAsync(HubEffect.Launch launch, Action<HubEvent> post)
    {
        AppEndpoint? endpoint = null;
        try
        {
            endpoint = ports.Rent();
            var record = new RunRecord(launch.Run, launch.Instance, endpoint.Value, clock.Wall, Process: null);
            runs.Record(record);
            var plan = planner.Plan(launch.App, launch.Run, endpoint.Value);
            var identity = host.Start(new ProcessStart(
                Mark(launch.Run), plan.Argv, plan.WorkingDirectory, plan.Environment, runs.OutputFile(launch.Run)));
            var process = new RunProcess(identity, endpoint.Value);
            runs.Record(record with { Process = identity });
            post(new HubEvent.Launched(launch.Run, process));
        }
        catch (Exception exception) when (exception is ProcessStartException or IOException or UnauthorizedAccessException or PortsExhaustedException)
        {
            if (endpoint is { } rented)
            {
                ports.Return(rented);
            }

            // A process that was started but could not be recorded would be nobody's: the mark finds it.
            await host.KillTreeAsync(Mark(launch.Run), NoProcess, lifetime.ApplicationStopped);
            Log.LaunchFailed(logger, launch.Instance, launch.Run, exception.Message);
            post(new HubEvent.LaunchFailed(launch.Run, exception.Message));
        }
    }

    private async Task FollowAsync(HubEffect.Probe started, Action<HubEvent> post)
    {
        var (run, process) = (started.Run, started.Process);
        ports.Reserve(process.Endpoint);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopped);

        // Beside this: a look at all sockets of a busy machine takes its time, and an end must be noticed meanwhile.
        var probing = Task.Run(() => ProbeAsync(started, post, over.Token), CancellationToken.None);
        var outcome = await host.WaitForExitAsync(process.Identity, lifetime.ApplicationStopped);
        await over.CancelAsync();
        if (await probing is { } refusal)
        {
            outcome = new ExitOutcome.Refused(refusal);
        }

        // What the main process left behind would keep its port and its memory.
        await host.KillTreeAsync(Mark(run), process.Identity, lifetime.ApplicationStopped);
        ports.Return(process.Endpoint);
        post(new HubEvent.Exited(run, outcome));
    }

    /// <returns>Why the run was ended; null when it was not, or not for that.</returns>
    private async Task<string?> ProbeAsync(HubEffect.Probe started, Action<HubEvent> post, CancellationToken cancellationToken)
    {
        try
        {
            var refusal = await probe.WaitAsync(Mark(started.Run), started.Process, LaunchPlanner.HealthPath(started.App), cancellationToken);
            if (refusal is null && started.IsThorough && started.App.Runtime is AppRuntime.Streamlit)
            {
                refusal = await SyntheticSession.RunAsync(started.Process.Endpoint, started.App.BasePath, cancellationToken);
            }

            if (refusal is null)
            {
                Amend(started.Run, static record => record with { IsReady = true });
                post(new HubEvent.BecameReady(started.Run));
                return null;
            }

            Log.Refused(logger, started.Run, refusal);
            await runs.AppendOutputAsync(started.Run, refusal, cancellationToken);
            await host.KillTreeAsync(Mark(started.Run), started.Process.Identity, lifetime.ApplicationStopped);
            return refusal;
        }
        catch (OperationCanceledException)
        {
            // It ended before it was ready.
            return null;
        }
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

    private Task KillAsync(HubEffect.Kill kill)
    {
        Amend(kill.Run, static record => record with { IsEnding = true });
        return host.KillTreeAsync(Mark(kill.Run), kill.Process.Identity, lifetime.ApplicationStopped);
    }

    private void Amend(RunId run, Func<RunRecord, RunRecord> change)
    {
        try
        {
            runs.Amend(run, change);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only the next hub misses it.
            Log.NotAmended(logger, run, exception.Message);
        }
    }

    private static readonly ProcessIdentity NoProcess = new(0, 0, "");

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "{Instance} run {Run} could not be launched: {Message}")]
        public static partial void LaunchFailed(ILogger logger, InstanceKey instance, RunId run, string message);

        [LoggerMessage(1102, LogLevel.Error, "Run {Run} is ended: {Refusal}")]
        public static partial void Refused(ILogger logger, RunId run, string refusal);

        [LoggerMessage(1104, LogLevel.Warning, "What became of run {Run} could not be written down: {Message}")]
        public static partial void NotAmended(ILogger logger, RunId run, string message);

        [LoggerMessage(1103, LogLevel.Error, "An effect failed: {Effect}")]
        public static partial void EffectFailed(ILogger logger, HubEffect effect, Exception exception);
    }
}
