using StreamHub.Domain.Runs;

namespace StreamHub.Server.Runtimes;

/// <summary>The purpose of a request, according to the app's runtime.</summary>
internal readonly record struct RequestPurpose(RequestKind Kind)
{
    /// <summary>The run that created the request's session; null when the request names none.</summary>
    public RunId? Run { get; init; }

    /// <summary>Whether the response may exist in one run only: draining runs are asked first.</summary>
    public bool MayBelongToDrainingRun { get; init; }

    /// <summary>A change of the app's response; null for none.</summary>
    public AnswerRewrite? Rewrite { get; init; }
}
