namespace StreamHub.Domain.Supervision;

/// <summary>The external input of a step.</summary>
/// <param name="Now">The steady clock; it never goes back between two steps, and stands still while the machine sleeps.</param>
/// <param name="Jitter">A random number, 0 to below 1, for backoffs.</param>
public sealed record StepContext(DateTimeOffset Now, double Jitter, SupervisionLimits Limits)
{
    /// <summary>The machine's clock, for the expiry of holds and the warm hours of apps.</summary>
    public DateTimeOffset Wall { get; init; } = Now;

    /// <summary>The time zone of the apps' warm hours.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The machine's memory; null when not measured.</summary>
    public MachineMemory? Memory { get; init; }
}
