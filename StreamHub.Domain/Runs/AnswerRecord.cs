
namespace StreamHub.Domain.Runs;

/// <summary>
/// The health answers that a run owes. One that computes is busy: its interpreter may be held by a call into native code, which
/// ends by itself. One that does not is unresponsive.
/// </summary>
public sealed record AnswerRecord
{
    /// <summary>Missed answers in a row that say something; fewer may be a moment of load.</summary>
    public const int FewestMisses = 3;

    private int Misses { get; init; }

    private DateTimeOffset Since { get; init; }

    /// <summary>The last of these, without a computation in between.</summary>
    private int IdleMisses { get; init; }

    private DateTimeOffset IdleSince { get; init; }

    public static AnswerRecord Kept { get; } = new();

    public bool IsKept => Misses == 0;

    /// <param name="asked">When the missed answer was asked for.</param>
    /// <param name="computes">Whether the run computes; null when that was not measured since the last answer was asked for.</param>
    public AnswerRecord Missed(DateTimeOffset asked, bool? computes) => new()
    {
        Misses = Misses + 1,
        Since = Misses == 0 ? asked : Since,
        IdleMisses = computes switch { null => IdleMisses, true => 0, _ => IdleMisses + 1 },
        IdleSince = IdleMisses == 0 ? asked : IdleSince,
    };

    /// <param name="answerTimeout">How long a run may neither answer nor compute.</param>
    /// <param name="scriptTimeout">How long a run may compute without an answer.</param>
    /// <returns>Null while too few answers are missing.</returns>
    public RunHang? Hang(TimeSpan answerTimeout, TimeSpan scriptTimeout) =>
        IdleMisses >= FewestMisses ? new RunHang(HungReason.NoAnswer, IdleSince, IdleSince + answerTimeout)
        : Misses >= FewestMisses ? new RunHang(HungReason.Busy, Since, Since + scriptTimeout)
        : null;
}
