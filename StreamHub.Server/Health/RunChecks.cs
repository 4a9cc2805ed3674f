using System.Net;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Health;

/// <summary>
/// Checks that ready runs do their work: each answers its readiness path and, if a user was active since the last check, opens a
/// session for the hub's own test visit, which runs nothing of its author's. An unused run is not visited, because a visit would keep it alive;
/// where a person's script runs, sessions work.
/// </summary>
internal sealed partial class RunChecks(
    Supervisor supervisor,
    RunUses uses,
    HubSettings settings,
    RuntimeAdapters runtimes,
    RunReports reports,
    RunReadings readings,
    AppConnector connector,
    RunSecrets secrets,
    SteadyClock clock,
    ILogger<RunChecks> logger) : BackgroundService
{
    /// <summary>The start of a script is told anew at each check, less exactly than this.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(3);

    /// <summary>Number of visits in a row that get no session before this is reported.</summary>
    private const int FewestRefusals = 2;

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = connector.ConnectAsync,
    })
    {
        Timeout = settings.Checks.AnswerPatience,
    };

    private readonly Dictionary<RunId, RunHealth> healthOf = [];

    public override void Dispose()
    {
        client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Checks.AnswerEvery, clock.TimeProvider);
        var last = clock.Now;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // After a pause of the hub itself (a suspended machine) the misses say nothing about the runs, and neither do
            // pending visits.
            if (clock.Now - last > settings.Checks.AnswerPatience + (2 * settings.Checks.AnswerEvery) + Drift)
            {
                foreach (var health in healthOf.Values)
                {
                    (health.Answers, health.Visit) = (AnswerRecord.Kept, null);
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

        var asked = clock.Now;
        health.Answers = await AnswersAsync(run, app, pairing, cancellationToken) ? AnswerRecord.Kept
            : health.Answers.Missed(asked, readings.Computes(run.Id, since: health.Asked));
        health.Asked = asked;
        if (health.Answers.IsKept)
        {
            CheckSessions(health, app, run, pairing, cancellationToken);
        }

        Report(health, run, health.Answers.Hang(settings.Checks.AnswerWithin, settings.Limits.ScriptTimeout) ?? (health.Answers.IsKept ? health.Found ?? SilentScript(run) : health.Reported));
    }

    /// <summary>A person's script that has sent nothing for too long. It may be waiting, and does not affect other sessions.</summary>
    private RunHang? SilentScript(Run run) => reports.Of(run.Id)?.Silent is { } silent && silent.Sends >= settings.Limits.ScriptTimeout
        ? new RunHang(HungReason.Silent, clock.Now - silent.Runs)
        : null;

    private async Task<bool> AnswersAsync(Run run, App app, string pairing, CancellationToken cancellationToken)
    {
        try
        {
            var runtime = runtimes.Of(app);
            using var request = new HttpRequestMessage(HttpMethod.Get, run.Process!.Endpoint.Origin + runtime.ReadinessPath(app)) { Headers = { { PairingNames.Header, pairing } } };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var report = runtime.ReadReport(answer);
            reports.Keep(run.Id, app.Slug, report);
            NoteUnhooked(run, report);
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

    private void NoteUnhooked(Run run, RunReport? report)
    {
        if (report is { Unhooked: { Count: > 0 } unhooked } && !HealthOf(run.Id).IsUnhooked)
        {
            HealthOf(run.Id).IsUnhooked = true;
            Log.Unhooked(logger, run.Id, string.Join(", ", unhooked));
        }
    }

    /// <summary>Takes the result of the last visit, and starts another when due.</summary>
    private void CheckSessions(RunHealth health, App app, Run run, string pairing, CancellationToken cancellationToken)
    {
        if (health.Visit is { IsCompleted: true } over)
        {
            Take(health, over.GetAwaiter().GetResult());
            health.Visit = null;
        }

        // A run in which something was found is visited again even without active users: it may have recovered.
        var isWanted = health.Refusals > 0 || health.Found is not null || run.LastActed > health.Visited;
        if (app.Checks is CheckPolicy.On && settings.Checks.ScriptEvery > TimeSpan.Zero && health.Visit is null && isWanted
            && clock.Now - health.Visited >= settings.Checks.ScriptEvery && reports.Of(run.Id)?.Running is not > 0)
        {
            health.Visited = clock.Now;
            health.Visit = VisitAsync(run, app, pairing, cancellationToken);
        }
    }

    private static void Take(RunHealth health, VisitResult result)
    {
        switch (result)
        {
            case VisitResult.GivenUp:
                break;
            case VisitResult.NoSession:
                health.Refusals++;
                health.Found = health.Refusals >= FewestRefusals ? health.Found ?? new RunHang(HungReason.NoSession, health.Visited) : null;
                break;
            case VisitResult.Silent:
                health.Refusals = 0;
                health.Found = health.Found is { Reason: HungReason.Silent } known ? known : new RunHang(HungReason.Silent, health.Visited);
                break;
            default:
                // A script that fails is an error that its users see.
                (health.Refusals, health.Found) = (0, null);
                break;
        }
    }

    private async Task<VisitResult> VisitAsync(Run run, App app, string pairing, CancellationToken cancellationToken)
    {
        // CPU time of the hub's own visits is not work.
        using var unattended = uses.Of(run.Id).BeginUnattended();
        try
        {
            return await runtimes.Of(app).VisitAsync(app, run.Process!.Endpoint, pairing, runsScript: false, settings.Limits.ScriptTimeout, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return new VisitResult.GivenUp();
        }
    }

    private void Report(RunHealth health, Run run, RunHang? found)
    {
        if (health.Reported?.Reason == found?.Reason && !((health.Reported?.Since - found?.Since)?.Duration() >= Drift))
        {
            return;
        }

        health.Reported = found;
        if (found is not null)
        {
            Log.Hung(logger, run.Id, found.Reason, clock.OnWall(found.Since));
        }
        else
        {
            Log.Recovered(logger, run.Id);
        }

        supervisor.Post(new HubEvent.Checked(run.Id, found));
    }

    private static partial class Log
    {
        [LoggerMessage(1821, LogLevel.Warning, "Run {Run} does not do its work since {Since}: {Reason}")]
        public static partial void Hung(ILogger logger, RunId run, HungReason reason, DateTimeOffset since);

        [LoggerMessage(1823, LogLevel.Warning, "The framework of run {Run} does not allow everything that the hub does: {Unhooked}")]
        public static partial void Unhooked(ILogger logger, RunId run, string unhooked);

        [LoggerMessage(1822, LogLevel.Information, "Run {Run} does its work again")]
        public static partial void Recovered(ILogger logger, RunId run);
    }
}
