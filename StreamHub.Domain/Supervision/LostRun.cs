using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>A run of an earlier hub that exited while no hub was running.</summary>
/// <param name="IsEnding">Whether it had been asked to end, or a newer run had taken over.</param>
public sealed record LostRun(InstanceKey Instance, RunId Run, DateTimeOffset Created, bool IsReady, bool IsEnding)
{
    public ExitOutput Output { get; init; } = ExitOutput.None;
}
