using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Supervision;

/// <summary>Capacity limits and timeouts of the supervisor.</summary>
public sealed record SupervisionLimits
{
    /// <summary>Maximum living processes, including draining and stopping ones.</summary>
    public int MaxRunning { get; init; } = 20;

    /// <summary>Maximum simultaneous starts, of those within <see cref="StartTimeout"/>; more than the number of cores slows each of them.</summary>
    public int MaxStarting { get; init; } = 4;

    /// <summary>Bytes of the machine's memory that a start must leave free.</summary>
    public long MemoryReserve { get; init; } = 256L << 20;

    /// <summary>From launch to ready, for apps without a value of their own.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that a ready run may compute without an answer.</summary>
    public TimeSpan ScriptTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From terminate to kill.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Unused time before a run is stopped, for apps without a value of their own; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long open sessions stay on a replaced run.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a replaced run waits for a session to reconnect.</summary>
    public TimeSpan ReconnectGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Minimum age of a run before a replacement for memory: prevents endless replacement of a run that always needs that much.</summary>
    public TimeSpan RecycleAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Interval between two kill attempts.</summary>
    public TimeSpan KillInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time from launch to ready that an app has.</summary>
    public TimeSpan StartTimeoutOf(App app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.StartTimeout ?? StartTimeout;
    }
}
