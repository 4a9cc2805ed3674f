using StreamHub.Domain.Instances;

namespace StreamHub.Server.Health;

/// <summary>The health state of a run in <see cref="RunChecks"/>. Only one check of a run at a time.</summary>
internal sealed class RunHealth
{
    public int Misses { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public DateTimeOffset Visited { get; set; }

    /// <summary>The pending visit: whether its script finishes.</summary>
    public Task<bool>? Visit { get; set; }

    public bool IsStuck { get; set; }

    public HungReason? Reported { get; set; }
}
