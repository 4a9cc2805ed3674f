namespace StreamHub.Server.Tokens;

/// <summary>A bearer token to make, as forms, the API and the command line write it; nothing in it is checked yet.</summary>
public sealed record TokenEntry
{
    /// <summary>What the admins call it.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>read</c> or <c>write</c>.</summary>
    public string Scope { get; set; } = "";

    /// <summary>When it opens nothing any more; null for no end.</summary>
    public DateTimeOffset? Expires { get; set; }
}
