namespace StreamHub.Domain.Telemetry;

/// <summary>Raw counters of a run's whole process tree.</summary>
/// <param name="CpuTime">CPU time of the living processes since their starts.</param>
/// <param name="Memory">Resident bytes (Linux: RSS; Windows: private working set where known).</param>
public readonly record struct TreeReading(TimeSpan CpuTime, long Memory, int Processes);
