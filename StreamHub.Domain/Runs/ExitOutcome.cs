
namespace StreamHub.Domain.Runs;

/// <summary>How a run ended.</summary>
public abstract record ExitOutcome
{
    private ExitOutcome()
    {
    }

    /// <summary>The hub's own message for an admin; null for none.</summary>
    public string? Message => this switch
    {
        NotLaunched failed => failed.Why,
        Refused refused => refused.Why,
        _ => null,
    };

    /// <summary>The process exited with a code (Windows: including NTSTATUS values).</summary>
    public sealed record Exited(int Code) : ExitOutcome;

    /// <summary>The process was ended by a signal that the hub did not send.</summary>
    /// <param name="Signal">The signal number, signal(7).</param>
    public sealed record Signalled(int Signal) : ExitOutcome;

    /// <summary>The process is gone without a known exit code, because this hub is not its parent.</summary>
    public sealed record Vanished : ExitOutcome;

    /// <summary>The process could not be started.</summary>
    /// <param name="Why">A message for an admin.</param>
    /// <param name="IsShortage">Whether the hub or its machine lacked a resource, so that the app is not at fault.</param>
    public sealed record NotLaunched(string Why, bool IsShortage = false) : ExitOutcome;

    /// <summary>The hub ended the run because it is forbidden or unable to serve.</summary>
    /// <param name="Why">A message for an admin.</param>
    public sealed record Refused(string Why) : ExitOutcome;

    /// <summary>The hub ended it.</summary>
    /// <param name="Limit">The time limit that was over; null for none.</param>
    public sealed record Ended(StopReason Reason, TimeSpan? Limit = null) : ExitOutcome;
}
