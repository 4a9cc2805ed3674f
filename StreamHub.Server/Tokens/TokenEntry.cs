namespace StreamHub.Server.Tokens;

/// <summary>A bearer token to create, as in forms, the API and the command line, unvalidated.</summary>
public sealed record TokenEntry
{
    public string Name { get; set; } = "";

    /// <summary><c>read</c> or <c>write</c>.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The expiry; null for none.</summary>
    public DateTimeOffset? Expires { get; set; }
}
