using StreamHub.Domain.Runs;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Health;

/// <summary>The health state of a run in <see cref="RunChecks"/>. Only one check of a run at a time.</summary>
internal sealed class RunHealth
{
    public AnswerRecord Answers { get; set; } = AnswerRecord.Kept;

    /// <summary>When the last check began.</summary>
    public DateTimeOffset Asked { get; set; }

    /// <summary>When the last visit began.</summary>
    public DateTimeOffset Visited { get; set; }

    /// <summary>The pending visit.</summary>
    public Task<VisitResult>? Visit { get; set; }

    /// <summary>Visits in a row that got no session. A single one may have met a moment of load.</summary>
    public int Refusals { get; set; }

    /// <summary>What the last visits found, until one finds otherwise.</summary>
    public RunHang? Found { get; set; }

    public RunHang? Reported { get; set; }

    /// <summary>Whether the log says what its framework does not allow.</summary>
    public bool IsUnhooked { get; set; }
}
