namespace StreamHub.Domain.Apps;

/// <summary>Memory limits of a run, in bytes of its process tree, see <see cref="Telemetry.TreeReading"/>.</summary>
/// <param name="Soft">Above it the run is replaced at the next moment without sessions; null for no limit.</param>
/// <param name="Hard">Above it the run is killed; null for no limit.</param>
public readonly record struct MemoryLimits(long? Soft, long? Hard)
{
    /// <summary>The smallest limit accepted: Python needs this much to start.</summary>
    public const long Smallest = 32L << 20;
}
