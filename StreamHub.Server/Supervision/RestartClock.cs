using Cronos;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>Tells the supervisor when the clock wants an app restarted. What came due while the machine slept is left out.</summary>
internal sealed partial class RestartClock(
    Supervisor supervisor, ConfigurationStore configuration, HubSettings settings, TimeProvider timeProvider, ILogger<RestartClock> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The longest step that is looked at: a machine that slept for longer has its nights behind it.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(2);

    // The wall clock: it is what people mean by three in the morning.
    private DateTimeOffset looked = timeProvider.GetUtcNow();

    /// <summary>The apps that came due since the last look.</summary>
    /// <param name="now">What the wall clock shows.</param>
    internal IReadOnlyList<AppSlug> Look(DateTimeOffset now)
    {
        var (from, step) = (looked, now - looked);

        // A clock that is set back a little makes no moment come twice; one that is set back far was wrong before.
        looked = step > TimeSpan.Zero || -step > LongestStep ? now : from;
        return step > TimeSpan.Zero && step <= LongestStep ? [.. configuration.Current.Apps.Where(app => IsDue(app, from, now)).Select(app => app.Slug)] : [];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var app in Look(timeProvider.GetUtcNow()))
            {
                Log.Due(logger, app);
                supervisor.Post(new HubEvent.RestartDue(app));
            }
        }
    }

    private bool IsDue(App app, DateTimeOffset from, DateTimeOffset to) =>
        app.Restart is { } schedule && CronExpression.TryParse(schedule.Cron, out var cron) && cron.GetNextOccurrence(from, Zone(schedule, settings.TimeZone)) <= to;

    private static TimeZoneInfo Zone(RestartSchedule schedule, TimeZoneInfo usual) =>
        schedule.Zone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : usual;

    private static partial class Log
    {
        [LoggerMessage(1811, LogLevel.Information, "{App} is due to be restarted by its schedule")]
        public static partial void Due(ILogger logger, AppSlug app);
    }
}
