namespace StreamHub.Server.Requests;

/// <summary>How an admin grants a request for access.</summary>
public sealed record Approval
{
    /// <summary>The user that gets the address; null for a new one.</summary>
    public string? User { get; set; }

    /// <summary>The name of the new user that gets the address; null for one that exists. A visitor must not come to somebody's rights by giving that name.</summary>
    public string? NewUser { get; set; }

    /// <summary><c>admin</c> or <c>user</c>; null leaves it, and makes a new user a plain one.</summary>
    public string? Role { get; set; }

    /// <summary>Slugs of apps to assign, beside those that the user has.</summary>
    public IList<string> Apps { get; set; } = [];

    /// <summary>When the user is no longer admitted; null leaves it.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>The address of the user that the new one takes the place of; null for one more.</summary>
    public string? Replaces { get; set; }
}
