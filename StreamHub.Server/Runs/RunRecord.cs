using StreamHub.Domain.Instances;

namespace StreamHub.Server.Runs;

/// <summary>What is written down of a run, so that a later hub can find it.</summary>
/// <param name="Endpoint">Where it was told to listen.</param>
/// <param name="Created">When it was launched, by the machine's clock.</param>
/// <param name="Process">The process; null until it has started.</param>
internal sealed record RunRecord(RunId Run, InstanceKey Instance, AppEndpoint Endpoint, DateTimeOffset Created, ProcessIdentity? Process)
{
    /// <summary>Whether it became ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Whether it was asked to end.</summary>
    public bool IsEnding { get; init; }

    /// <summary>When its remaining sessions are ended, by the machine's clock; null when no newer run has taken over.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>What its people are told about that; null for nothing.</summary>
    public string? DrainWhy { get; init; }

    /// <summary>Whether its end has been told.</summary>
    public bool IsOver { get; init; }
}
