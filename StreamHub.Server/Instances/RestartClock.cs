using Cronos;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Instances;

/// <summary>Tells the supervisor when the clock wants an app restarted. What came due while the machine slept is left out.</summary>
internal sealed partial class RestartClock(
    Supervisor supervisor, ConfigurationStore configuration, HubSettings settings, TimeProvider timeProvider, ILogger<RestartClock> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The longest step back that is looked at: a machine that slept for longer has its nights behind it.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(2);

    /// <summary>The apps whose schedule has an instant after <paramref name="from"/> and up to <paramref name="to"/>.</summary>
    /// <param name="apps">All apps.</param>
    /// <param name="from">Looked at before.</param>
    /// <param name="to">Now.</param>
    /// <param name="zone">The hub's time zone.</param>
    internal static IEnumerable<AppSlug> Due(IEnumerable<App> apps, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone) =>
        apps.Where(app => app.Restart is { } schedule && CronExpression.TryParse(schedule.Cron, out var cron)
            && cron.GetNextOccurrence(from, Zone(schedule, zone)) <= to).Select(app => app.Slug);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);

        // The wall clock: it is what people mean by three in the morning.
        var looked = timeProvider.GetUtcNow();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = timeProvider.GetUtcNow();
            if (now - looked <= LongestStep)
            {
                foreach (var app in Due(configuration.Current.Apps, looked, now, settings.TimeZone))
                {
                    Log.Due(logger, app);
                    supervisor.Post(new HubEvent.RestartDue(app));
                }
            }

            // A clock that is set back does not make a night come twice.
            looked = now > looked || looked - now > LongestStep ? now : looked;
        }
    }

    private static TimeZoneInfo Zone(RestartSchedule schedule, TimeZoneInfo usual) =>
        schedule.Zone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : usual;

    private static partial class Log
    {
        [LoggerMessage(1811, LogLevel.Information, "{App} is due to be restarted by its schedule")]
        public static partial void Due(ILogger logger, AppSlug app);
    }
}
