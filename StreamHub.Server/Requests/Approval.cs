namespace StreamHub.Server.Requests;

/// <summary>The approval of a request for access.</summary>
public sealed record Approval
{
    /// <summary>The existing user that gets the address; null for a new one.</summary>
    public string? User { get; set; }

    /// <summary>
    /// The name of the new user that gets the address; null for an existing one. Two members, so that a visitor who types the name of an existing
    /// user does not get that user's rights.
    /// </summary>
    public string? NewUser { get; set; }

    /// <summary><c>admin</c> or <c>user</c>; null keeps the role, and gives a new user the role <c>user</c>.</summary>
    public string? Role { get; set; }

    /// <summary>Slugs of apps to assign, in addition to the user's apps.</summary>
    public IList<string> Apps { get; set; } = [];

    /// <summary>The user's new expiry; null keeps it.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>The user's address that the new one replaces; null to add the address.</summary>
    public string? Replaces { get; set; }
}
