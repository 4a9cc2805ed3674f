using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.History;

/// <summary>Writes a report of each unexpected exit, in the background, so that the supervisor never waits for it.</summary>
internal sealed partial class CrashReportWriter : BackgroundService
{
    private const int Waiting = 100;

    private readonly Channel<Crash> waiting = Channel.CreateBounded<Crash>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly RunReadings readings;
    private readonly CrashReportStore reports;
    private readonly ConfigurationStore configuration;
    private readonly AppChanges changes;
    private readonly ILogger<CrashReportWriter> logger;

    public CrashReportWriter(
        Supervisor supervisor,
        RunReadings readings,
        CrashReportStore reports,
        ConfigurationStore configuration,
        IDbContextFactory<HubDbContext> contexts,
        ILogger<CrashReportWriter> logger)
    {
        this.readings = readings;
        this.reports = reports;
        this.configuration = configuration;
        changes = new AppChanges(contexts);
        this.logger = logger;
        supervisor.Moved += Add;
    }

    /// <summary>Raised after a report was written, on the writer's thread.</summary>
    public event Action? Written;

    /// <summary>Completes after all pending reports are written.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var crash in waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                reports.Keep(await ReportAsync(crash));
                Written?.Invoke();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Failed(logger, crash.Transition.Instance, crash.Exit.Run, exception.Message);
            }
        }
    }

    private void Add(Transition transition)
    {
        if (transition.Exit is not { } exit)
        {
            return;
        }

        var (memory, sessions) = readings.Take(exit.Run);
        if (exit.IsFailure && !waiting.Writer.TryWrite(new Crash(transition, exit, memory, sessions)))
        {
            Log.Failed(logger, transition.Instance, exit.Run, "too many reports are pending");
        }
    }

    private async Task<CrashReport> ReportAsync(Crash crash)
    {
        var (key, exit) = (crash.Transition.Instance, crash.Exit);
        var reading = ExitReading.Of(exit.Outcome, exit.ErrorLine);
        return new CrashReport(
            key.App.ToString(),
            key.User?.ToString(),
            exit.Run.Value,
            crash.Transition.At,
            exit.Lived,
            reading.Meaning,
            reading.Code,
            exit.ErrorLine,
            exit.Output.Lines,
            crash.Memory,
            crash.Sessions,
            await LastChangeAsync(key.App),
            exit.Output.Fault);
    }

    private async Task<CrashReport.LastChange?> LastChangeAsync(AppSlug app)
    {
        var written = configuration.Current.FindApp(app)?.Runtime is AppRuntime.Streamlit { Script: var script } && File.Exists(script)
            ? new CrashReport.LastChange(new DateTimeOffset(File.GetLastWriteTimeUtc(script), TimeSpan.Zero), script, null)
            : null;
        try
        {
            var edited = await changes.FindAsync(app);
            return edited is null || written?.At > edited.At ? written : edited;
        }
        catch (SqliteException exception)
        {
            Log.NoAudit(logger, app, exception.Message);
            return written;
        }
    }

    private sealed record Crash(Transition Transition, RunExit Exit, ImmutableArray<long> Memory, int Sessions);

    private static partial class Log
    {
        [LoggerMessage(1411, LogLevel.Warning, "The crash report of {Instance} run {Run} could not be written: {Message}")]
        public static partial void Failed(ILogger logger, InstanceKey instance, RunId run, string message);

        [LoggerMessage(1412, LogLevel.Warning, "The last change of {App} could not be read: {Message}")]
        public static partial void NoAudit(ILogger logger, AppSlug app, string message);
    }
}
