using StreamHub.Domain.Instances;

namespace StreamHub.Server.Runtimes;

/// <summary>What a request means to the app's runtime.</summary>
internal readonly record struct RequestPurpose(RequestKind Kind)
{
    /// <summary>The run that made the session which the request belongs to; null when the request names none.</summary>
    public RunId? Run { get; init; }

    /// <summary>Whether any living run may be the only one to have the answer: draining runs are asked first.</summary>
    public bool MayBelongToDrainingRun { get; init; }

    /// <summary>How the app's answer is changed on the way; null for not at all.</summary>
    public AnswerRewrite? Rewrite { get; init; }
}
