namespace StreamHub.Domain.Instances;

/// <summary>One process attempt of an instance.</summary>
/// <param name="State">Where it is in its life.</param>
/// <param name="Created">When the hub decided to launch it.</param>
/// <param name="LastUsed">When a session was opened, or a person or a computation was last seen.</param>
public sealed record Run(RunId Id, RunState State, DateTimeOffset Created, DateTimeOffset LastUsed)
{
    /// <summary>Why it was launched.</summary>
    public QueueReason Reason { get; init; }

    /// <summary>The process; null until the process host has started it.</summary>
    public RunProcess? Process { get; init; }

    /// <summary>When the hub heard that the process had started; null before, and where an earlier hub started it.</summary>
    public DateTimeOffset? Launched { get; init; }

    /// <summary>Open app WebSockets through the proxy.</summary>
    public int Sessions { get; init; }

    /// <summary>When a session was last opened or closed; null when there was none.</summary>
    public DateTimeOffset? LastSession { get; init; }

    /// <summary>When a person last did something in it; null when nobody has since this hub knows it.</summary>
    public DateTimeOffset? LastActed { get; init; }

    /// <summary>Whether it is kept although nobody uses it.</summary>
    public Keeping Keeping { get; init; } = Keeping.Never.Instance;

    /// <summary>Whether a newer run has taken over: what becomes of this one says nothing about the app any more.</summary>
    public bool IsReplaced { get; init; }

    /// <summary>What the people are told who were on the run before; null for nothing.</summary>
    public string? Why { get; init; }

    /// <summary>Set while it is ready and does not do its work.</summary>
    public RunHang? Hang { get; init; }

    /// <summary>When somebody or something was last at it: also one who only looked, and whose connection may have broken off.</summary>
    internal DateTimeOffset LastSeen => LastSession > LastUsed ? LastSession.Value : LastUsed;

    /// <summary>Whether its sessions are answered: it is ready, or a newer run has taken over and its own have not left yet.</summary>
    public bool IsServing => State is RunState.Ready or RunState.Draining;

    /// <summary>Whether the hub has begun to end it.</summary>
    public bool IsEnding => State is RunState.Stopping or RunState.Killing;
}
