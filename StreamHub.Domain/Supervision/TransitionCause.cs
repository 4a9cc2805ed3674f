namespace StreamHub.Domain.Supervision;

/// <summary>Who or what moved an instance on.</summary>
public enum TransitionCause
{
    /// <summary>A visitor wanted it.</summary>
    Visit,

    /// <summary>An admin asked for it.</summary>
    Admin,

    /// <summary>Its process did what was expected of it: it answered, or ended when it was asked to.</summary>
    Process,

    /// <summary>Its process ended unasked, could not be launched, or was late.</summary>
    Crash,

    /// <summary>Nobody used it.</summary>
    Idle,

    /// <summary>A time was over: of a start, a grace, a drain, a pause.</summary>
    Deadline,

    /// <summary>A slot became free.</summary>
    Slot,

    /// <summary>It is kept warm.</summary>
    Warm,

    /// <summary>Its clock wanted a fresh run.</summary>
    Schedule,

    /// <summary>It took more memory than it should.</summary>
    Memory,

    /// <summary>It did not do its work.</summary>
    Hung,

    /// <summary>The registered apps changed.</summary>
    Configuration,

    /// <summary>A hub started and found its process alive, or gone.</summary>
    HubStart,

    /// <summary>The hub stops.</summary>
    HubStop,
}
