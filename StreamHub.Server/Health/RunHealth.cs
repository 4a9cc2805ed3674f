using StreamHub.Domain.Instances;

namespace StreamHub.Server.Health;

/// <summary>What <see cref="RunChecks"/> knows of a run. One check of a run at a time.</summary>
internal sealed class RunHealth
{
    public int Misses { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public DateTimeOffset Visited { get; set; }

    /// <summary>The visit under way: whether its script run finishes.</summary>
    public Task<bool>? Visit { get; set; }

    public bool IsStuck { get; set; }

    public HungReason? Reported { get; set; }
}
