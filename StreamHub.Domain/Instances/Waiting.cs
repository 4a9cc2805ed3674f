namespace StreamHub.Domain.Instances;

/// <summary>What an instance waits for before its next run.</summary>
public abstract record Waiting
{
    private Waiting()
    {
    }

    public sealed record Nothing : Waiting
    {
        public static Nothing Instance { get; } = new();
    }

    /// <summary>A free slot.</summary>
    /// <param name="Since">When it joined the queue; the longest wait goes first among equal reasons.</param>
    public sealed record Queued(DateTimeOffset Since, QueueReason Reason) : Waiting;

    /// <summary>The end of a backoff after a failure.</summary>
    /// <param name="Until">When it is queued again.</param>
    /// <param name="Attempt">Failures in a row, from 1.</param>
    public sealed record Backoff(DateTimeOffset Until, int Attempt) : Waiting;

    /// <summary>A manual start.</summary>
    public sealed record Quarantined(DateTimeOffset Since, QuarantineReason Reason) : Waiting;
}
