namespace StreamHub.Domain.Telemetry;

/// <summary>The hub's live state at one moment. Published once a second.</summary>
/// <param name="Sequence">Ascending by one during a hub's life.</param>
/// <param name="Instances">One row for each registered app or per-user instance, by slug and user.</param>
public sealed record HubSnapshot(long Sequence, DateTimeOffset At, HostSample Host, IReadOnlyList<InstanceSample> Instances);
