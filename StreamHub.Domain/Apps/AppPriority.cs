namespace StreamHub.Domain.Apps;

/// <summary>The order in which unused runs are stopped to free capacity: the lowest priority first.</summary>
public enum AppPriority
{
    /// <summary>Stopped first.</summary>
    Low,

    /// <summary>Stopped when no run of a lower priority is unused.</summary>
    Normal,

    /// <summary>Stopped last.</summary>
    High,
}
