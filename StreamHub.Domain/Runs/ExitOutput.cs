
namespace StreamHub.Domain.Runs;

/// <summary>The last output of a run, read once after its exit.</summary>
/// <param name="ErrorLine">The line with the error; null when no line says so.</param>
/// <param name="Lines">The last lines, oldest first.</param>
public sealed record ExitOutput(string? ErrorLine, IReadOnlyList<string> Lines)
{
    /// <summary>The cause of a failed start; null when the run was ready, or when unknown.</summary>
    public StartFault? Fault { get; init; }

    /// <summary>The output is empty or unknown.</summary>
    public static ExitOutput None { get; } = new(null, []);
}
