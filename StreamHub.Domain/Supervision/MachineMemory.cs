using System.Collections.Immutable;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Supervision;

/// <summary>The last measurement of the machine's memory.</summary>
/// <param name="Free">Bytes available to programs without swapping.</param>
/// <param name="Needs">The maximum of the last runs of an app, bytes.</param>
public sealed record MachineMemory(DateTimeOffset At, long Free, ImmutableDictionary<AppSlug, long> Needs)
{
    /// <summary>The assumed need of an app without measured runs: Streamlit with pandas loaded.</summary>
    public const long Unmeasured = 150L << 20;

    /// <summary>Memory of each living run, bytes.</summary>
    public ImmutableDictionary<RunId, long> Runs { get; init; } = ImmutableDictionary<RunId, long>.Empty;

    /// <summary>The expected need of a run of the app, bytes.</summary>
    public long Need(AppSlug app) => Needs.GetValueOrDefault(app, Unmeasured);
}
