namespace StreamHub.Domain.Supervision;

/// <summary>All that a step knows of the world.</summary>
/// <param name="Now">The time; it never goes back between two steps.</param>
/// <param name="Jitter">A random number, 0 to below 1, for pauses.</param>
/// <param name="Limits">The limits in force.</param>
public sealed record StepContext(DateTimeOffset Now, double Jitter, SupervisionLimits Limits)
{
    /// <summary>Whose wall clock the hours of apps mean.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The machine's memory; null when it was not measured.</summary>
    public MachineMemory? Memory { get; init; }
}
