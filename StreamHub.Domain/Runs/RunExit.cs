
namespace StreamHub.Domain.Runs;

/// <summary>The end of a run.</summary>
/// <param name="Lived">Lifetime of the process; from the launch decision if none was started. A start delay of a busy machine does not count.</param>
public sealed record RunExit(RunId Run, DateTimeOffset At, TimeSpan Lived, ExitOutcome Outcome)
{
    public ExitOutput Output { get; init; } = ExitOutput.None;

    /// <summary>The error in one line: the hub's own message, else the run's; null for none.</summary>
    public string? ErrorLine => Outcome.Message ?? (IsOwnFault ? Output.ErrorLine : null);

    /// <summary>Whether the run's output can name the cause. Not after a kill: earlier errors have another cause.</summary>
    private bool IsOwnFault => ExitReading.Of(Outcome).Meaning is not (ExitMeaning.Finished or ExitMeaning.Killed or ExitMeaning.Interrupted or ExitMeaning.OverMemory or ExitMeaning.Hung);

    /// <summary>Whether the exit was unexpected.</summary>
    public bool IsFailure => Outcome is not ExitOutcome.Ended { Reason: not (StopReason.StartTimeout or StopReason.Memory or StopReason.Hung) };
}
