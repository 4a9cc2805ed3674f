namespace StreamHub.Domain.Instances;

/// <summary>Why an instance waits for room.</summary>
public enum QueueReason
{
    /// <summary>Somebody wants it, and nothing serves them.</summary>
    Demand,

    /// <summary>The pause after a failure is over.</summary>
    Retry,

    /// <summary>An admin wants a fresh run beside the one that serves.</summary>
    Restart,

    /// <summary>Its clock wants a fresh run.</summary>
    Schedule,

    /// <summary>The run that serves takes more memory than it should.</summary>
    Memory,

    /// <summary>The run that serves does not finish its scripts.</summary>
    Hung,

    /// <summary>Nobody wants it yet: it is kept warm.</summary>
    Warm,
}
