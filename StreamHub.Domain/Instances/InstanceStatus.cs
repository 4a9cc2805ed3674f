namespace StreamHub.Domain.Instances;

/// <summary>An instance in one word, for people.</summary>
public enum InstanceStatus
{
    /// <summary>Not running; a visit starts it.</summary>
    Stopped,

    /// <summary>Waits for a slot.</summary>
    Queued,

    /// <summary>Its process is coming up.</summary>
    Starting,

    /// <summary>Ready.</summary>
    Running,

    /// <summary>Ready, but it does not do its work.</summary>
    Hung,

    /// <summary>Ready, and a second run is coming up to replace it.</summary>
    Restarting,

    /// <summary>Ending.</summary>
    Stopping,

    /// <summary>Failed; the next attempt is timed.</summary>
    Backoff,

    /// <summary>Failed; a person has to start it again.</summary>
    Quarantined,

    /// <summary>Stopped by an admin, who has to start it again.</summary>
    Held,
}
