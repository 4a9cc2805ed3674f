namespace StreamHub.Domain.Instances;

/// <summary>How a run ended.</summary>
public abstract record ExitOutcome
{
    private ExitOutcome()
    {
    }

    /// <summary>The hub's own words for an admin, where it has some.</summary>
    public string? Message => this switch
    {
        NotLaunched failed => failed.Why,
        Refused refused => refused.Why,
        _ => null,
    };

    /// <summary>By itself, with an exit code (Windows: NTSTATUS values included).</summary>
    public sealed record Exited(int Code) : ExitOutcome;

    /// <summary>By a signal that the hub did not send.</summary>
    /// <param name="Signal">The signal number, signal(7).</param>
    public sealed record Signalled(int Signal) : ExitOutcome;

    /// <summary>It is gone; nobody could say how, because this hub is not its parent.</summary>
    public sealed record Vanished : ExitOutcome;

    /// <summary>It could not be started at all.</summary>
    /// <param name="Why">In words for an admin.</param>
    /// <param name="IsShortage">Whether the hub or its machine lacked something, so that the app is not to blame.</param>
    public sealed record NotLaunched(string Why, bool IsShortage = false) : ExitOutcome;

    /// <summary>The hub ended it, because it may not serve or cannot.</summary>
    /// <param name="Why">In words for an admin.</param>
    public sealed record Refused(string Why) : ExitOutcome;

    /// <summary>The hub ended it.</summary>
    public sealed record Ended(StopReason Reason) : ExitOutcome;
}
