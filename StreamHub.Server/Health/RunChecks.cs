using System.Net;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.AppGuards;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Health;

/// <summary>
/// Looks whether ready runs do their work: each answers its health path, and, where somebody has worked in it since the last
/// look, runs a script of a visit by the hub itself to its end. An unused run is left alone: a visit would keep it.
/// </summary>
internal sealed partial class RunChecks(Supervisor supervisor, HubSettings settings, AppConnector connector, RunSecrets secrets, SteadyClock clock, ILogger<RunChecks> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Misses below which nothing is said, however long they took.</summary>
    private const int FewestMisses = 3;

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = connector.ConnectAsync,
    })
    {
        Timeout = settings.Checks.AnswerWithin < AnswerTimeout ? settings.Checks.AnswerWithin : AnswerTimeout,
    };

    private readonly Dictionary<RunId, Patient> patients = [];

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
            // After a pause of the hub itself (a suspended machine) what was missed was the hub's, and so may be the visits that were under way.
            if (clock.Now - last > AnswerTimeout + (2 * Interval))
            {
                foreach (var patient in patients.Values)
                {
                    (patient.Misses, patient.MissingSince, patient.Visit) = (0, null, null);
                }
            }

            last = clock.Now;
            (Instance Instance, Run Run)[] ready = [.. supervisor.State.Runs.Where(owned => owned.Run.State is RunState.Ready)];
            foreach (var gone in patients.Keys.Except(ready.Select(owned => owned.Run.Id)).ToArray())
            {
                patients.Remove(gone);
            }

            await Task.WhenAll(ready.Select(owned => CheckAsync(Known(owned.Run.Id), owned.Instance.App, owned.Run, stoppingToken)));
        }
    }

    private Patient Known(RunId run) => patients.TryGetValue(run, out var known) ? known : patients[run] = new Patient();

    private async Task CheckAsync(Patient patient, App app, Run run, CancellationToken cancellationToken)
    {
        string pairing;
        try
        {
            pairing = secrets.Pairing(run.Id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It cannot be asked, so nothing is said of it.
            return;
        }

        if (await AnswersAsync(run.Process!.Endpoint, app, pairing, cancellationToken))
        {
            (patient.Misses, patient.MissingSince) = (0, null);
        }
        else
        {
            patient.Misses++;
            patient.MissingSince ??= clock.Now;
        }

        // What was found silent is so until it answers.
        var isSilent = patient.Misses > 0
            && (patient.Told is HungReason.NoAnswer || (patient.Misses >= FewestMisses && clock.Now - patient.MissingSince >= settings.Checks.AnswerWithin));
        if (!isSilent && patient.Misses == 0)
        {
            CheckScript(patient, app, run, pairing, cancellationToken);
        }

        Tell(patient, run, isSilent ? HungReason.NoAnswer : patient.IsStuck ? HungReason.NoScript : null);
    }

    private async Task<bool> AnswersAsync(AppEndpoint endpoint, App app, string pairing, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Origin + LaunchPlanner.HealthPath(app)) { Headers = { { PairingNames.Header, pairing } } };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
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

    /// <summary>Begins a visit of the hub's own where one is due, and takes in what came of the last one.</summary>
    private void CheckScript(Patient patient, App app, Run run, string pairing, CancellationToken cancellationToken)
    {
        if (patient.Visit is { IsCompleted: true } over)
        {
            patient.IsStuck = !over.GetAwaiter().GetResult();
            patient.Visit = null;
        }

        // A run that was found stuck is looked at again; it may have found its way.
        var isDue = settings.Checks.ScriptEvery > TimeSpan.Zero && app.Runtime is AppRuntime.Streamlit && patient.Visit is null
            && (patient.IsStuck || run.LastActed > patient.Visited) && clock.Now - patient.Visited >= settings.Checks.ScriptEvery;
        if (isDue)
        {
            patient.Visited = clock.Now;
            patient.Visit = FinishesAsync(run.Process!.Endpoint, app, pairing, cancellationToken);
        }
    }

    /// <returns>Whether a session got its script to an end, or to an error; also where the hub stops meanwhile.</returns>
    private async Task<bool> FinishesAsync(AppEndpoint endpoint, App app, string pairing, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(settings.Checks.ScriptWithin, clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // A script that does not compile, or imports what is not there, is no hang: people see its error.
            return await SyntheticSession.RunAsync(endpoint, app.BasePath, pairing, both.Token) is not (VisitResult.Ended or VisitResult.Refused)
                || cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested;
        }
    }

    private void Tell(Patient patient, Run run, HungReason? found)
    {
        if (patient.Told == found)
        {
            return;
        }

        patient.Told = found;
        if (found is { } reason)
        {
            Log.Hung(logger, run.Id, reason);
        }
        else
        {
            Log.Well(logger, run.Id);
        }

        supervisor.Post(new HubEvent.Checked(run.Id, found));
    }

    /// <summary>What is known of a run's health. One check of it at a time.</summary>
    private sealed class Patient
    {
        public int Misses { get; set; }

        public DateTimeOffset? MissingSince { get; set; }

        public DateTimeOffset Visited { get; set; }

        public Task<bool>? Visit { get; set; }

        public bool IsStuck { get; set; }

        public HungReason? Told { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1821, LogLevel.Warning, "Run {Run} does not do its work: {Reason}")]
        public static partial void Hung(ILogger logger, RunId run, HungReason reason);

        [LoggerMessage(1822, LogLevel.Information, "Run {Run} does its work again")]
        public static partial void Well(ILogger logger, RunId run);
    }
}
