using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>A living process that an earlier hub started.</summary>
/// <param name="IsEnding">Whether an earlier hub had asked it to end.</param>
public sealed record AdoptedRun(InstanceKey Instance, RunId Run, RunProcess Process, DateTimeOffset Created, bool IsReady, bool IsEnding)
{
    /// <summary>The end of its drain timeout, by the steady clock; null when no newer run had taken over.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>The message about the drain for users of the run; null for none.</summary>
    public string? DrainWhy { get; init; }
}
