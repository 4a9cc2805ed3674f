namespace StreamHub.Domain.Instances;

/// <summary>The end of a run.</summary>
/// <param name="Lived">How long its process lived; from the decision to launch it where none was started. A busy machine's delay before the start is not the app's.</param>
public sealed record RunExit(RunId Run, DateTimeOffset At, TimeSpan Lived, ExitOutcome Outcome)
{
    /// <summary>What it printed at the end.</summary>
    public ExitOutput Output { get; init; } = ExitOutput.None;

    /// <summary>What went wrong, in one line: the hub's own message, else the run's; null for none.</summary>
    public string? ErrorLine => Outcome.Message ?? Output.ErrorLine;

    /// <summary>Whether this end was not asked for.</summary>
    public bool IsFailure => Outcome is not ExitOutcome.Ended { Reason: not (StopReason.StartTimeout or StopReason.Memory or StopReason.Hung) };
}
