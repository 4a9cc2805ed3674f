namespace StreamHub.Domain.Instances;

/// <summary>The last output of a run, read once after its exit.</summary>
/// <param name="ErrorLine">The line with the error; null when the output is empty.</param>
/// <param name="Lines">The last lines, oldest first.</param>
public sealed record ExitOutput(string? ErrorLine, IReadOnlyList<string> Lines)
{
    /// <summary>The output is empty or unknown.</summary>
    public static ExitOutput None { get; } = new(null, []);
}
