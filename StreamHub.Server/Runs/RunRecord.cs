using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runs;

/// <summary>The stored record of a run, for adoption by a later hub.</summary>
/// <param name="Created">Launch time, by the machine's clock.</param>
/// <param name="Process">Null until the process has started.</param>
internal sealed record RunRecord(RunId Run, InstanceKey Instance, AppEndpoint Endpoint, DateTimeOffset Created, ProcessIdentity? Process)
{
    public bool IsReady { get; init; }

    public bool IsEnding { get; init; }

    /// <summary>The end of its drain timeout, by the machine's clock; null when no newer run has taken over.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>The message about the drain for users of the run; null for none.</summary>
    public string? DrainWhy { get; init; }

    /// <summary>Whether its exit has been reported.</summary>
    public bool IsOver { get; init; }
}
