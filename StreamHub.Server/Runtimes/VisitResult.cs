namespace StreamHub.Server.Runtimes;

/// <summary>The outcome of a visit by the hub itself.</summary>
internal abstract record VisitResult
{
    private VisitResult()
    {
    }

    /// <summary>The script ran to its end.</summary>
    public sealed record Finished : VisitResult;

    /// <summary>The script fails for everybody.</summary>
    /// <param name="Why">A clause, such as "the script does not compile".</param>
    public sealed record ScriptFailed(string Why) : VisitResult;

    /// <summary>The server gave no session, or none that lasted until the script had finished.</summary>
    public sealed record NoSession(string Why) : VisitResult;
}
