using System.Net;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Health;

/// <summary>
/// Checks that ready runs respond: each answers its readiness path and, if a user was active since the last check, finishes a
/// script run of the hub's own test visit. An unused run is not visited, because a visit would keep it alive.
/// </summary>
internal sealed partial class RunChecks(
    Supervisor supervisor, HubSettings settings, RuntimeAdapters runtimes, RunReports reports, AppConnector connector, RunSecrets secrets, SteadyClock clock, ILogger<RunChecks> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Number of consecutive misses that a report needs, regardless of their duration.</summary>
    private const int FewestMisses = 3;

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = connector.ConnectAsync,
    })
    {
        Timeout = settings.Checks.AnswerWithin < AnswerTimeout ? settings.Checks.AnswerWithin : AnswerTimeout,
    };

    private readonly Dictionary<RunId, RunHealth> healthOf = [];

    public override void Dispose()
    {
        client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.TimeProvider);
        var last = clock.Now;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // After a pause of the hub itself (a suspended machine) the misses say nothing about the runs, and neither do
            // pending visits.
            if (clock.Now - last > AnswerTimeout + (2 * Interval))
            {
                foreach (var health in healthOf.Values)
                {
                    (health.Misses, health.MissingSince, health.Visit) = (0, null, null);
                }
            }

            last = clock.Now;
            (Instance Instance, Run Run)[] ready = [.. supervisor.State.Runs.Where(owned => owned.Run.State is RunState.Ready)];
            foreach (var gone in healthOf.Keys.Except(ready.Select(owned => owned.Run.Id)).ToArray())
            {
                healthOf.Remove(gone);
            }

            reports.Prune(supervisor.State.Runs.Select(owned => owned.Run.Id).ToHashSet());
            await Task.WhenAll(ready.Select(owned => CheckAsync(HealthOf(owned.Run.Id), owned.Instance.App, owned.Run, stoppingToken)));
        }
    }

    private RunHealth HealthOf(RunId run) => healthOf.TryGetValue(run, out var known) ? known : healthOf[run] = new RunHealth();

    private async Task CheckAsync(RunHealth health, App app, Run run, CancellationToken cancellationToken)
    {
        string pairing;
        try
        {
            pairing = secrets.Pairing(run.Id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The run cannot be asked without its secret: its state is unknown.
            return;
        }

        if (await AnswersAsync(run, app, pairing, cancellationToken))
        {
            (health.Misses, health.MissingSince) = (0, null);
        }
        else
        {
            health.Misses++;
            health.MissingSince ??= clock.Now;
        }

        // A run that was reported as unresponsive remains so until it answers.
        var isSilent = health.Misses > 0
            && (health.Reported is HungReason.NoAnswer || (health.Misses >= FewestMisses && clock.Now - health.MissingSince >= settings.Checks.AnswerWithin));
        if (!isSilent && health.Misses == 0)
        {
            CheckScript(health, app, run, pairing, cancellationToken);
        }

        Report(health, run, isSilent ? HungReason.NoAnswer : health.IsStuck ? HungReason.NoScript : null);
    }

    private async Task<bool> AnswersAsync(Run run, App app, string pairing, CancellationToken cancellationToken)
    {
        try
        {
            var runtime = runtimes.Of(app);
            using var request = new HttpRequestMessage(HttpMethod.Get, run.Process!.Endpoint.Origin + runtime.ReadinessPath(app)) { Headers = { { PairingNames.Header, pairing } } };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            reports.Keep(run.Id, app.Slug, runtime.ReadReport(answer));
            return answer.StatusCode < HttpStatusCode.InternalServerError;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Takes the result of the last visit, and starts another when due.</summary>
    private void CheckScript(RunHealth health, App app, Run run, string pairing, CancellationToken cancellationToken)
    {
        if (health.Visit is { IsCompleted: true } over)
        {
            health.IsStuck = !over.GetAwaiter().GetResult();
            health.Visit = null;
        }

        // A stuck run is visited again even without active users: it may have recovered.
        var isDue = settings.Checks.ScriptEvery > TimeSpan.Zero && health.Visit is null
            && (health.IsStuck || run.LastActed > health.Visited) && clock.Now - health.Visited >= settings.Checks.ScriptEvery;
        if (isDue)
        {
            health.Visited = clock.Now;
            health.Visit = FinishesAsync(run.Process!.Endpoint, app, pairing, cancellationToken);
        }
    }

    /// <returns>Whether the script of a test session finished, with or without an error; also true when the hub stops meanwhile.</returns>
    private async Task<bool> FinishesAsync(AppEndpoint endpoint, App app, string pairing, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.Checks.ScriptWithin, clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // A script that fails is not stuck: users see its error.
            return await runtimes.Of(app).VisitAsync(app, endpoint, pairing, both.Token) is not VisitResult.NoSession || cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested;
        }
    }

    private void Report(RunHealth health, Run run, HungReason? found)
    {
        if (health.Reported == found)
        {
            return;
        }

        health.Reported = found;
        if (found is { } reason)
        {
            Log.Hung(logger, run.Id, reason);
        }
        else
        {
            Log.Recovered(logger, run.Id);
        }

        supervisor.Post(new HubEvent.Checked(run.Id, found));
    }

    private static partial class Log
    {
        [LoggerMessage(1821, LogLevel.Warning, "Run {Run} is unresponsive: {Reason}")]
        public static partial void Hung(ILogger logger, RunId run, HungReason reason);

        [LoggerMessage(1822, LogLevel.Information, "Run {Run} has recovered")]
        public static partial void Recovered(ILogger logger, RunId run);
    }
}
