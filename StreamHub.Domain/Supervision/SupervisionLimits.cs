namespace StreamHub.Domain.Supervision;

/// <summary>What the supervisor may use, and how long it waits.</summary>
public sealed record SupervisionLimits
{
    /// <summary>Living processes at once, draining and stopping ones included.</summary>
    public int MaxRunning { get; init; } = 20;

    /// <summary>Runs that come up at once; more than the cores only slows each of them.</summary>
    public int MaxStarting { get; init; } = 4;

    /// <summary>Bytes of the machine's memory that a start must leave free.</summary>
    public long MemoryReserve { get; init; } = 256L << 20;

    /// <summary>From launch to ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From terminate to kill.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Unused time before a run is stopped, for apps that name none; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long open sessions stay on a replaced run.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a replaced run waits for a session whose connection broke off.</summary>
    public TimeSpan ReconnectGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How old a run is at least before it is replaced for its memory: one that takes as much from the start is not replaced for ever.</summary>
    public TimeSpan RecycleAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Pause between two attempts to kill what will not die.</summary>
    public TimeSpan KillInterval { get; init; } = TimeSpan.FromSeconds(5);
}
