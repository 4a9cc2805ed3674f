
namespace StreamHub.Domain.Runs;

/// <summary>The linear life of a run: each state leads only to states further down.</summary>
public abstract record RunState
{
    private RunState()
    {
    }

    /// <summary>Launching or launched; not answering yet.</summary>
    /// <param name="Deadline">The start timeout.</param>
    public sealed record Starting(DateTimeOffset Deadline) : RunState;

    /// <summary>Answers, and serves new sessions.</summary>
    public sealed record Ready(DateTimeOffset Since) : RunState;

    /// <summary>A newer run took over; open sessions stay until the deadline.</summary>
    /// <param name="Deadline">When the remaining sessions are closed.</param>
    /// <param name="Why">The message for users of the run; null for none.</param>
    public sealed record Draining(DateTimeOffset Deadline, string? Why) : RunState;

    /// <summary>Asked to end.</summary>
    /// <param name="Deadline">When the kill begins.</param>
    public sealed record Stopping(StopReason Reason, DateTimeOffset Deadline) : RunState;

    /// <summary>Being killed with its process tree.</summary>
    /// <param name="Deadline">When the kill is repeated.</param>
    public sealed record Killing(StopReason Reason, DateTimeOffset Deadline) : RunState;
}
