namespace StreamHub.Domain.Supervision;

/// <summary>The cause of a change.</summary>
public enum TransitionCause
{
    /// <summary>A visitor's request.</summary>
    Visit,

    /// <summary>An admin's request.</summary>
    Admin,

    /// <summary>The process behaved as expected: it answered, or ended when it was asked to.</summary>
    Process,

    /// <summary>The process exited unexpectedly, could not be launched, or was late.</summary>
    Crash,

    /// <summary>The instance was unused.</summary>
    Idle,

    /// <summary>A deadline passed: of a start, a grace period, a drain, a backoff.</summary>
    Deadline,

    /// <summary>A slot became free.</summary>
    Slot,

    /// <summary>The instance is kept warm.</summary>
    Warm,

    /// <summary>The restart schedule.</summary>
    Schedule,

    /// <summary>The run exceeded its memory limit.</summary>
    Memory,

    /// <summary>The run was unresponsive.</summary>
    Hung,

    /// <summary>The registered apps changed.</summary>
    Configuration,

    /// <summary>A hub started and found the process alive, or gone.</summary>
    HubStart,

    /// <summary>The hub stops.</summary>
    HubStop,
}
