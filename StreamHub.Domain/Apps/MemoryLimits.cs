namespace StreamHub.Domain.Apps;

/// <summary>How much memory a run of an app may take, resident bytes of its process tree.</summary>
/// <param name="Soft">Above it the run is replaced at the next moment without sessions; null for none.</param>
/// <param name="Hard">Above it the run is killed; null for none.</param>
public readonly record struct MemoryLimits(long? Soft, long? Hard)
{
    /// <summary>The smallest limit accepted: below it no Python starts.</summary>
    public const long Smallest = 32L << 20;
}
