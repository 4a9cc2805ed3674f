namespace StreamHub.Domain.Supervision;

/// <summary>The life of a hub.</summary>
public enum HubPhase
{
    /// <summary>It supervises.</summary>
    Running,

    /// <summary>It stops and its apps continue: nothing is launched or ended, and due actions are left to the next hub.</summary>
    Leaving,

    /// <summary>It stops together with its apps: nothing is launched.</summary>
    Stopping,
}
