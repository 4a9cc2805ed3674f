namespace StreamHub.Domain.Instances;

/// <summary>The state of an instance, for display.</summary>
public enum InstanceStatus
{
    /// <summary>Stopped; a visit starts it.</summary>
    Stopped,

    Queued,

    Starting,

    Running,

    /// <summary>Ready, but unresponsive.</summary>
    Hung,

    /// <summary>Ready, and its replacement is starting.</summary>
    Restarting,

    Stopping,

    /// <summary>Failed; the next attempt is scheduled.</summary>
    Backoff,

    /// <summary>Failed; needs a manual start.</summary>
    Quarantined,

    /// <summary>Stopped by an admin; needs an admin's start.</summary>
    Held,
}
