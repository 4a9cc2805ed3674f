namespace StreamHub.Domain.Instances;

/// <summary>What a run printed before it ended, read once at its end.</summary>
/// <param name="ErrorLine">The line that says what went wrong; null when nothing was printed.</param>
/// <param name="Lines">The last lines, oldest first.</param>
public sealed record ExitOutput(string? ErrorLine, IReadOnlyList<string> Lines)
{
    /// <summary>Nothing was printed, or nothing is known of it.</summary>
    public static ExitOutput None { get; } = new(null, []);
}
