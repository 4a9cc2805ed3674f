namespace StreamHub.Domain.Instances;

/// <summary>What an instance has to offer to those who want a session, at one moment.</summary>
/// <param name="Run">The run that takes visitors; null when none does.</param>
/// <param name="Seats">Sessions that a run takes at once; null for any number.</param>
/// <param name="Opens">Until when only sessions that come back are let in; null when everybody is.</param>
public sealed record SeatPlan(DateTimeOffset Now, RunId? Run, int? Seats, DateTimeOffset? Opens)
{
    /// <summary>What it has to offer now.</summary>
    /// <param name="instance">The instance; null when the hub does not know it.</param>
    /// <param name="grace">How long sessions are waited for that have yet to come back.</param>
    /// <param name="now">The time by the steady clock.</param>
    public static SeatPlan Of(Instance? instance, TimeSpan grace, DateTimeOffset now)
    {
        // Who was in a run that an earlier hub left is not known: they come back first.
        var opens = instance is { App.MaxSessions: not null, ReadyRun: { Launched: null, State: RunState.Ready ready } } ? ready.Since + grace : (DateTimeOffset?)null;
        return new SeatPlan(now, instance?.ReadyRun?.Id, instance?.App.MaxSessions, opens > now ? opens : null);
    }
}
