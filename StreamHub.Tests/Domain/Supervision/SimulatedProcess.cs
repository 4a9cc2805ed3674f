using StreamHub.Domain.Instances;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>A process as the simulated process host sees it.</summary>
internal sealed class SimulatedProcess(RunId run)
{
    public RunId Run { get; } = run;

    public bool IsLaunched { get; set; }

    public bool IsTerminated { get; set; }

    public bool IsKilled { get; set; }

    /// <summary>Whether it ends only when it is killed.</summary>
    public bool IsStubborn { get; set; }

    public int Sessions { get; set; }
}
