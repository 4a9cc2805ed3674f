namespace StreamHub.Domain.Supervision;

/// <summary>All that a step knows of the world.</summary>
/// <param name="Now">The time by the steady clock; it never goes back between two steps, and stands still while the machine sleeps.</param>
/// <param name="Jitter">A random number, 0 to below 1, for pauses.</param>
public sealed record StepContext(DateTimeOffset Now, double Jitter, SupervisionLimits Limits)
{
    /// <summary>What the machine's clock shows: what an admin's "until" and the hours of apps mean.</summary>
    public DateTimeOffset Wall { get; init; } = Now;

    /// <summary>Whose wall clock the hours of apps mean.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The machine's memory; null when it was not measured.</summary>
    public MachineMemory? Memory { get; init; }
}
