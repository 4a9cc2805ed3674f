using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Telemetry;

/// <summary>An instance, over the last second: a row of the dashboard.</summary>
/// <param name="Key">App slug, and user for a per-user instance: <c>sales</c>, <c>sales@kim</c>.</param>
/// <param name="User">Whose instance it is; null when shared.</param>
/// <param name="Node">The machine it runs on.</param>
/// <param name="Cpu">Share of the whole machine that its process trees take, percent, 0 to 100.</param>
/// <param name="Memory">Resident bytes of its process trees.</param>
/// <param name="Started">When the present run was launched, by the machine's clock, as all instants here; null when nothing runs.</param>
/// <param name="Restarts">Runs after the first since the hub started.</param>
/// <param name="Pid">The present run's process id; null when nothing runs.</param>
/// <param name="Port">The present run's loopback port; null when nothing runs.</param>
/// <param name="RetryAt">When a failed start is tried again; null when none is due.</param>
/// <param name="Problem">Why it does not run, in one line; null when nothing is wrong.</param>
/// <param name="MemoryLimit">Bytes that a run of it may take; null for any.</param>
/// <param name="MemoryFullAt">When it will have taken them if it goes on growing as it does; null when it does not.</param>
public sealed record InstanceSample(
    string Key,
    string Slug,
    string Name,
    string? User,
    InstanceStatus Status,
    string Node,
    double Cpu,
    long Memory,
    int Sessions,
    DateTimeOffset? Started,
    int Restarts,
    int? Pid,
    int? Port,
    DateTimeOffset? RetryAt,
    string? Problem,
    long? MemoryLimit = null,
    DateTimeOffset? MemoryFullAt = null);
