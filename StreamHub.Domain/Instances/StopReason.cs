namespace StreamHub.Domain.Instances;

/// <summary>Why the hub ends a run.</summary>
public enum StopReason
{
    /// <summary>An admin stopped the app.</summary>
    Stopped,

    /// <summary>An admin restarted the app.</summary>
    Restarted,

    /// <summary>Nobody used it for its idle time.</summary>
    Idle,

    /// <summary>Nobody was there, and another app was wanted for which there was no room.</summary>
    MadeRoom,

    /// <summary>A newer run took over and the last session left, or the drain time ended.</summary>
    Drained,

    /// <summary>It was not ready within its start time.</summary>
    StartTimeout,

    /// <summary>It took more memory than it may.</summary>
    Memory,

    /// <summary>It did not answer any more.</summary>
    Hung,

    /// <summary>The whole hub is in maintenance.</summary>
    Maintenance,

    /// <summary>An earlier hub left it, and it is not wanted any more.</summary>
    LeftBehind,

    /// <summary>The app was removed.</summary>
    Removed,

    /// <summary>The hub stops and takes its apps along.</summary>
    HubStopped,
}
