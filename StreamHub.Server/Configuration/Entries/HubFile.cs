namespace StreamHub.Server.Configuration.Entries;

/// <summary>The declarative file: what <c>apply</c> reads and <c>export</c> writes.</summary>
public sealed record HubFile
{
    /// <summary>Users, created or updated by name.</summary>
    public IList<UserEntry> Users { get; set; } = [];

    /// <summary>Apps, created or updated by slug.</summary>
    public IList<AppEntry> Apps { get; set; } = [];
}
