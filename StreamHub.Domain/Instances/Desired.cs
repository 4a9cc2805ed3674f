namespace StreamHub.Domain.Instances;

/// <summary>Whether an instance should be running.</summary>
public abstract record Desired
{
    private Desired()
    {
    }

    /// <summary>Unwanted; the next visit turns it on.</summary>
    public sealed record Off : Desired
    {
        public static Off Instance { get; } = new();
    }

    public sealed record On : Desired
    {
        public static On Instance { get; } = new();
    }

    /// <summary>Stopped by an admin: visits cannot start it until an admin starts it or the hold expires.</summary>
    public sealed record Held(Hold Hold) : Desired;
}
