using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Runs;

/// <summary>One process attempt of an instance.</summary>
/// <param name="Created">When the hub decided to launch it.</param>
/// <param name="LastUsed">When it was last used; docs/apps.md says what counts.</param>
public sealed record Run(RunId Id, RunState State, DateTimeOffset Created, DateTimeOffset LastUsed)
{
    public QueueReason Reason { get; init; }

    /// <summary>The process; null until the process host has started it.</summary>
    public RunProcess? Process { get; init; }

    /// <summary>When the hub learned that the process had started; null before, and for an adopted run.</summary>
    public DateTimeOffset? Launched { get; init; }

    /// <summary>Open app WebSockets through the proxy.</summary>
    public int Sessions { get; init; }

    /// <summary>Whether a session was ever opened: else people are those who ask over HTTP.</summary>
    public bool HadSession { get; init; }

    /// <summary>When a session was last opened or closed; null for never.</summary>
    public DateTimeOffset? LastSession { get; init; }

    /// <summary>When a user last acted in it; null for never since this hub tracks the run.</summary>
    public DateTimeOffset? LastActed { get; init; }

    /// <summary>When a script ran for a user, or a response or upload was under way; null for never since this hub tracks the run.</summary>
    public DateTimeOffset? LastUnderWay { get; init; }

    /// <summary>Whether it is kept although unused.</summary>
    public Keeping Keeping { get; init; } = Keeping.Never.Instance;

    /// <summary>Whether a newer run has taken over: its end then says nothing about the app.</summary>
    public bool IsReplaced { get; init; }

    /// <summary>The message for users of the previous run; null for none.</summary>
    public string? Why { get; init; }

    /// <summary>Set while it is ready and does not do its work.</summary>
    public RunHang? Hang { get; init; }

    /// <summary>Whether people get no further; a busy run or a silent script may be what its author wants.</summary>
    public bool IsUnresponsive => Hang is { Reason: HungReason.NoAnswer or HungReason.NoSession };

    /// <summary>The last sign of use, including sessions without activity and broken connections.</summary>
    internal DateTimeOffset LastSeen => LastSession > LastUsed ? LastSession.Value : LastUsed;

    /// <summary>Whether it serves sessions: it is ready, or it drains its remaining sessions.</summary>
    public bool IsServing => State is RunState.Ready or RunState.Draining;

    /// <summary>Whether the hub has begun to end it.</summary>
    public bool IsEnding => State is RunState.Stopping or RunState.Killing;
}
