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

    /// <summary>Stopped by an admin: visits do not start it until an admin does.</summary>
    /// <param name="By">Who holds it.</param>
    public sealed record Held(string By) : Desired;
}
