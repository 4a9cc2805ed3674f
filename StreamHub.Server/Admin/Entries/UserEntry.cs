namespace StreamHub.Server.Admin.Entries;

/// <summary>A user as files, forms and the API write it; nothing in it is checked yet.</summary>
public sealed record UserEntry
{
    /// <summary>The unique name.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>admin</c> or <c>user</c>.</summary>
    public string Role { get; set; } = "user";

    /// <summary>Addresses and CIDR ranges.</summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary>Slugs of the apps assigned.</summary>
    public IList<string> Apps { get; set; } = [];

    /// <summary>When the user is no longer admitted; null for no end.</summary>
    public DateTimeOffset? Expires { get; set; }
}
