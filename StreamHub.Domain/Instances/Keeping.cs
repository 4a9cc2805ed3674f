namespace StreamHub.Domain.Instances;

/// <summary>Whether a ready run is kept although nobody uses it.</summary>
public abstract record Keeping
{
    private Keeping()
    {
    }

    /// <summary>It never was.</summary>
    public sealed record Never : Keeping
    {
        /// <summary>The only value.</summary>
        public static Never Instance { get; } = new();
    }

    /// <summary>It is.</summary>
    public sealed record Now : Keeping
    {
        /// <summary>The only value.</summary>
        public static Now Instance { get; } = new();
    }

    /// <summary>It was.</summary>
    public sealed record Until(DateTimeOffset At) : Keeping;
}
