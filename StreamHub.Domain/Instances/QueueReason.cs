namespace StreamHub.Domain.Instances;

/// <summary>Why an instance waits for a slot.</summary>
public enum QueueReason
{
    /// <summary>It is wanted and no run serves it.</summary>
    Demand,

    /// <summary>The backoff after a failure is over.</summary>
    Retry,

    /// <summary>An admin requested a replacement of the ready run.</summary>
    Restart,

    /// <summary>The restart schedule requested a replacement.</summary>
    Schedule,

    /// <summary>The ready run exceeds its soft memory limit.</summary>
    Memory,

    /// <summary>The ready run opens no sessions.</summary>
    Hung,

    /// <summary>It is kept warm, without demand yet.</summary>
    Warm,
}
