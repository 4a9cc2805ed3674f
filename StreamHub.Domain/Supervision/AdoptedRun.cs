using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>A living process of an earlier hub.</summary>
/// <param name="Run">The number it was given.</param>
/// <param name="IsReady">Whether it had become ready.</param>
/// <param name="IsEnding">Whether it had been asked to end.</param>
public sealed record AdoptedRun(InstanceKey Instance, RunId Run, RunProcess Process, DateTimeOffset Created, bool IsReady, bool IsEnding)
{
    /// <summary>When its remaining sessions were to be ended, by the steady clock; null when no newer run had taken over.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>What its people were told about that; null for nothing.</summary>
    public string? DrainWhy { get; init; }
}
