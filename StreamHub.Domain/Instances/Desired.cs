namespace StreamHub.Domain.Instances;

/// <summary>Whether an instance should be running.</summary>
public abstract record Desired
{
    private Desired()
    {
    }

    /// <summary>Nobody wants it; the next visit turns it on.</summary>
    public sealed record Off : Desired
    {
        /// <summary>The only value.</summary>
        public static Off Instance { get; } = new();
    }

    /// <summary>Wanted.</summary>
    public sealed record On : Desired
    {
        /// <summary>The only value.</summary>
        public static On Instance { get; } = new();
    }

    /// <summary>Stopped by an admin: visits do not start it until an admin does, or until the hold is over.</summary>
    /// <param name="Hold">Who holds it, and what visitors are told.</param>
    public sealed record Held(Hold Hold) : Desired;
}
