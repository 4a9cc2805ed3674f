using Cronos;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>Posts scheduled restarts. Restarts that were due while the machine slept are skipped.</summary>
internal sealed partial class RestartClock(
    Supervisor supervisor, ConfigurationStore configuration, HubSettings settings, TimeProvider timeProvider, ILogger<RestartClock> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The longest interval that is evaluated: after a longer sleep the missed restarts are skipped.</summary>
    private static readonly TimeSpan MaxStep = TimeSpan.FromMinutes(2);

    // The wall clock, because schedules are written in local time.
    private DateTimeOffset looked = timeProvider.GetUtcNow();

    /// <summary>The apps with a restart due since the last call.</summary>
    /// <param name="now">The wall clock.</param>
    internal IReadOnlyList<AppSlug> Look(DateTimeOffset now)
    {
        var (from, step) = (looked, now - looked);

        // A clock that is set back slightly repeats no restart; one that is set back far was wrong before.
        looked = step > TimeSpan.Zero || -step > MaxStep ? now : from;
        return step > TimeSpan.Zero && step <= MaxStep ? [.. configuration.Current.Apps.Where(app => IsDue(app, from, now)).Select(app => app.Slug)] : [];
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
        [LoggerMessage(1811, LogLevel.Information, "{App} is due for a scheduled restart")]
        public static partial void Due(ILogger logger, AppSlug app);
    }
}
