namespace StreamHub.Server.Streamlit;

/// <summary>What came of a visit by the hub itself.</summary>
internal abstract record VisitResult
{
    private VisitResult()
    {
    }

    /// <summary>The script ran to its end.</summary>
    public sealed record Finished : VisitResult;

    /// <summary>The script does not compile.</summary>
    public sealed record DoesNotCompile : VisitResult;

    /// <summary>The script imports what is not there.</summary>
    /// <param name="Error">The type of the error.</param>
    public sealed record MissesImport(string Error) : VisitResult;

    /// <summary>The connection was ended before the script was.</summary>
    public sealed record Ended : VisitResult;

    /// <summary>There was no session, or none that can be understood.</summary>
    /// <param name="Why">What the connection says.</param>
    public sealed record Refused(string Why) : VisitResult;
}
