namespace StreamHub.Domain.Supervision;

/// <summary>The life of a hub.</summary>
public enum HubPhase
{
    /// <summary>It supervises.</summary>
    Running,

    /// <summary>It ends and its apps go on: nothing is launched or ended, and what is due is the next hub's to do.</summary>
    Leaving,

    /// <summary>It ends and takes its apps along: nothing is launched.</summary>
    Stopping,
}
