namespace StreamHub.Server.Runtimes;

/// <summary>What a runtime knows of a start beyond its command line.</summary>
internal sealed record StartFacts(IReadOnlyList<StartOption> Options)
{
    public static StartFacts None { get; } = new([]);

    /// <summary>The option by which cut-off sessions are kept for less time than the hub keeps them; null for none.</summary>
    public StartOption? ShortSessions { get; init; }
}
