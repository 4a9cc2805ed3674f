namespace StreamHub.Domain.Telemetry;

/// <summary>The machine, over the last second.</summary>
/// <param name="Cpu">Share of all cores in use, percent, 0 to 100.</param>
/// <param name="MemoryUsed">Bytes in use.</param>
/// <param name="MemoryTotal">Bytes of physical memory.</param>
public sealed record HostSample(double Cpu, long MemoryUsed, long MemoryTotal);
