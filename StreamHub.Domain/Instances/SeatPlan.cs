using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Instances;

/// <summary>The seats of an instance at one moment.</summary>
/// <param name="Run">The run that serves new sessions; null for none.</param>
/// <param name="Seats">Maximum sessions per run; null for no limit.</param>
/// <param name="Opens">Until when only returning sessions are admitted; null when all are.</param>
public sealed record SeatPlan(DateTimeOffset Now, RunId? Run, int? Seats, DateTimeOffset? Opens)
{
    /// <summary>The current plan.</summary>
    /// <param name="grace">How long returning sessions have precedence.</param>
    /// <param name="now">The steady clock.</param>
    public static SeatPlan Of(Instance? instance, TimeSpan grace, DateTimeOffset now)
    {
        // The sessions of an adopted run are unknown: returning sessions have precedence.
        var opens = instance is { App.MaxSessions: not null, ReadyRun: { Launched: null, State: RunState.Ready ready } } ? ready.Since + grace : (DateTimeOffset?)null;
        return new SeatPlan(now, instance?.ReadyRun?.Id, instance?.App.MaxSessions, opens > now ? opens : null);
    }
}
