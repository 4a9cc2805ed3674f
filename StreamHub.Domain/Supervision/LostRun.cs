using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>A run of an earlier hub that ended while no hub was there to see it.</summary>
/// <param name="Run">The number it was given.</param>
/// <param name="IsReady">Whether it had become ready.</param>
/// <param name="IsEnding">Whether it had been asked to end, or another had taken over.</param>
public sealed record LostRun(InstanceKey Instance, RunId Run, DateTimeOffset Created, bool IsReady, bool IsEnding)
{
    /// <summary>What it printed at the end.</summary>
    public ExitOutput Output { get; init; } = ExitOutput.None;
}
