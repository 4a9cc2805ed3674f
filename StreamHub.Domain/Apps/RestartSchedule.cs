namespace StreamHub.Domain.Apps;

/// <summary>A schedule of restarts; open sessions are drained.</summary>
/// <param name="Cron">A cron expression of five fields: minute, hour, day of the month, month, day of the week.</param>
/// <param name="Zone">The IANA id of the time zone; null for the hub's.</param>
public sealed record RestartSchedule(string Cron, string? Zone);
