namespace StreamHub.Server.Runtimes;

/// <summary>The result of a test visit by the hub.</summary>
internal abstract record VisitResult
{
    private VisitResult()
    {
    }

    /// <summary>The script finished.</summary>
    public sealed record Finished : VisitResult;

    /// <summary>The script sends and goes on: a live board, or a long computation that shows its progress.</summary>
    public sealed record Working : VisitResult;

    /// <summary>The script has sent nothing for as long as the visit lasted.</summary>
    public sealed record Silent : VisitResult;

    /// <summary>The hub has given up the visit, which says nothing.</summary>
    public sealed record GivenUp : VisitResult;

    /// <summary>The script fails for every visitor.</summary>
    /// <param name="Why">A clause, such as "the script does not compile".</param>
    public sealed record ScriptFailed(string Why) : VisitResult;

    /// <summary>The server opened no session, or closed it before the script finished.</summary>
    public sealed record NoSession(string Why) : VisitResult;
}
