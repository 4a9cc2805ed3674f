namespace StreamHub.Server.Runtimes;

/// <summary>The result of a test visit by the hub.</summary>
internal abstract record VisitResult
{
    private VisitResult()
    {
    }

    /// <summary>The script finished.</summary>
    public sealed record Finished : VisitResult;

    /// <summary>The script fails for every visitor.</summary>
    /// <param name="Why">A clause, such as "the script does not compile".</param>
    public sealed record ScriptFailed(string Why) : VisitResult;

    /// <summary>The server opened no session, or closed it before the script finished.</summary>
    public sealed record NoSession(string Why) : VisitResult;
}
