namespace StreamHub.Domain.Telemetry;

/// <summary>Raw counters of a run's whole process tree.</summary>
/// <param name="CpuTime">CPU time of the living processes since their starts.</param>
/// <param name="Memory">Bytes that the end of the tree would free: each page once, never the page cache (Windows: the private working sets).</param>
public readonly record struct TreeReading(TimeSpan CpuTime, long Memory, int Processes);
