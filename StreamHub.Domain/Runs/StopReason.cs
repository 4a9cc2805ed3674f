
namespace StreamHub.Domain.Runs;

/// <summary>Why the hub ends a run.</summary>
public enum StopReason
{
    /// <summary>An admin stopped the app.</summary>
    Stopped,

    /// <summary>An admin restarted the app.</summary>
    Restarted,

    /// <summary>It was unused for its idle timeout.</summary>
    Idle,

    /// <summary>It was unused, and another app needed its capacity.</summary>
    MadeRoom,

    /// <summary>A newer run took over and the last session closed, or the drain timeout ended.</summary>
    Drained,

    /// <summary>It exceeded its start timeout.</summary>
    StartTimeout,

    /// <summary>It exceeded its memory limit.</summary>
    Memory,

    /// <summary>It was unresponsive.</summary>
    Hung,

    /// <summary>The whole hub is in maintenance.</summary>
    Maintenance,

    /// <summary>It was adopted from an earlier hub and is unwanted.</summary>
    LeftBehind,

    /// <summary>The app was removed.</summary>
    Removed,

    /// <summary>The hub stops together with its apps.</summary>
    HubStopped,
}
