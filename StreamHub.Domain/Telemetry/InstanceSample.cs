using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Domain.Telemetry;

/// <summary>An instance, over the last second: a row of the dashboard.</summary>
/// <param name="Key">App slug, and user for a per-user instance: <c>sales</c>, <c>sales@kim</c>.</param>
/// <param name="User">The owner of the instance; null when shared.</param>
/// <param name="Node">The machine that runs it.</param>
/// <param name="Cpu">CPU share of its process trees in the whole machine, percent, 0 to 100.</param>
/// <param name="Memory">Memory of its process trees in bytes, see <see cref="TreeReading"/>.</param>
/// <param name="Sessions">Open sessions; for an app without WebSockets the people who asked in the last five minutes.</param>
/// <param name="Started">Launch time of the present run, by the machine's clock, like all instants here; null for none.</param>
/// <param name="Restarts">Runs after the first since the hub started.</param>
/// <param name="Pid">Process id of the present run; null for none.</param>
/// <param name="Port">Loopback port of the present run; null for none.</param>
/// <param name="RetryAt">When a failed start is retried; null for never.</param>
/// <param name="Problem">Why it does not run, or the last exception of a script that failed recently, in one line; null for no problem.</param>
/// <param name="MemoryLimit">Memory limit of a run, bytes; null for none.</param>
/// <param name="MemoryFullAt">When a run reaches the limit if its growth continues; null for no steady growth.</param>
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
    DateTimeOffset? MemoryFullAt = null)
{
    /// <summary>Saved code that new sessions do not get; null for none.</summary>
    public CodeNotice? Code { get; init; }

    /// <summary>When the packages of its Python were found changed since the start of the run; null when they are the same.</summary>
    public DateTimeOffset? EnvironmentChanged { get; init; }

    /// <summary>Uncaught exceptions of its scripts; null for none.</summary>
    public ScriptErrors? Errors { get; init; }

    /// <summary>The cause of a slow start, or of the last failed start; null when ready or unknown.</summary>
    public StartFault? Fault { get; init; }

    /// <summary>How its last attempt ended, while it is not replaced; null for none.</summary>
    public ExitMeaning? Exit { get; init; }

    /// <summary>How its ready run does not do its work, by the machine's clock; null when it does.</summary>
    public RunHang? Hang { get; init; }

    /// <summary>Names of the hub's functions that this version of the app's framework does not allow, separated by blanks; null for none.</summary>
    public string? Unhooked { get; init; }
}
