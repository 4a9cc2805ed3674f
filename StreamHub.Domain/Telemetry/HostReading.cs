namespace StreamHub.Domain.Telemetry;

/// <summary>Raw counters of the machine.</summary>
/// <param name="Busy">CPU time in use since boot, over all cores.</param>
/// <param name="Total">CPU time that passed since boot, over all cores.</param>
/// <param name="MemoryUsed">Bytes that are unavailable to a new program.</param>
/// <param name="MemoryTotal">Bytes of physical memory.</param>
public readonly record struct HostReading(TimeSpan Busy, TimeSpan Total, long MemoryUsed, long MemoryTotal);
