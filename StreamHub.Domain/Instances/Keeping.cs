namespace StreamHub.Domain.Instances;

/// <summary>Whether a ready run is kept although it is unused.</summary>
public abstract record Keeping
{
    private Keeping()
    {
    }

    /// <summary>It was never kept.</summary>
    public sealed record Never : Keeping
    {
        public static Never Instance { get; } = new();
    }

    /// <summary>It is kept now.</summary>
    public sealed record Now : Keeping
    {
        public static Now Instance { get; } = new();
    }

    /// <summary>It was kept until an instant.</summary>
    public sealed record Until(DateTimeOffset At) : Keeping;
}
