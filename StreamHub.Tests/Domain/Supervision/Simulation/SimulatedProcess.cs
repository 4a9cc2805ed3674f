using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>A process as the simulated process host sees it, and what it wrote down about it.</summary>
internal sealed class SimulatedProcess(RunId run, InstanceKey instance, DateTimeOffset created)
{
    private readonly RunProcess process = new(new ProcessIdentity((int)run.Value + 1000, run.Value, "boot"), new AppEndpoint((int)run.Value + 1000));

    public RunId Run { get; } = run;

    public InstanceKey Instance { get; } = instance;

    public RunProcess Process => process;

    public bool IsLaunched { get; set; }

    /// <summary>Whether it answered the present hub.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether it ever answered a hub, which is written down.</summary>
    public bool WasReady { get; private set; }

    public bool IsTerminated { get; set; }

    public bool IsKilled { get; set; }

    /// <summary>Whether it ends only when it is killed.</summary>
    public bool IsStubborn { get; set; }

    public int Sessions { get; set; }

    public bool Obeys => IsKilled || (IsTerminated && !IsStubborn);

    public void Answer() => HasAnswered = WasReady = true;

    /// <summary>Its hub died: nobody has a session, and the next hub asks it anew.</summary>
    public void LoseHub()
    {
        Sessions = 0;
        HasAnswered = false;
    }

    /// <summary>What the next hub finds.</summary>
    public AdoptedRun Found => new(Instance, Run, Process, created, WasReady, IsTerminated);
}
