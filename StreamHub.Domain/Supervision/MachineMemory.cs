using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What was last measured of the machine's memory.</summary>
/// <param name="Free">Bytes that programs can have without swapping.</param>
/// <param name="Needs">The most that one of the last runs of an app has taken, bytes.</param>
public sealed record MachineMemory(DateTimeOffset At, long Free, ImmutableDictionary<AppSlug, long> Needs)
{
    /// <summary>What an app is expected to need of which no run was measured: Streamlit with pandas loaded.</summary>
    public const long Unmeasured = 150L << 20;

    /// <summary>What each living run takes, bytes.</summary>
    public ImmutableDictionary<RunId, long> Runs { get; init; } = ImmutableDictionary<RunId, long>.Empty;

    /// <summary>What a run of the app is expected to need, bytes.</summary>
    public long Need(AppSlug app) => Needs.GetValueOrDefault(app, Unmeasured);
}
