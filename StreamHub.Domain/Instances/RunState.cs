namespace StreamHub.Domain.Instances;

/// <summary>The linear life of a run: each state leads only to states further down.</summary>
public abstract record RunState
{
    private RunState()
    {
    }

    /// <summary>Launched, or about to be; not answering yet.</summary>
    /// <param name="Deadline">When the hub gives up.</param>
    public sealed record Starting(DateTimeOffset Deadline) : RunState;

    /// <summary>Answers, takes visitors.</summary>
    public sealed record Ready(DateTimeOffset Since) : RunState;

    /// <summary>A newer run took over; open sessions stay until the deadline.</summary>
    /// <param name="Deadline">When the remaining sessions are ended.</param>
    /// <param name="Why">What the admin who restarted it tells the people on it; null for nothing.</param>
    public sealed record Draining(DateTimeOffset Deadline, string? Why) : RunState;

    /// <summary>Asked to end.</summary>
    /// <param name="Deadline">When asking ends and killing begins.</param>
    public sealed record Stopping(StopReason Reason, DateTimeOffset Deadline) : RunState;

    /// <summary>Being killed with all its descendants.</summary>
    /// <param name="Deadline">When killing is tried again.</param>
    public sealed record Killing(StopReason Reason, DateTimeOffset Deadline) : RunState;
}
