namespace StreamHub.Domain.Access;

/// <summary>The permissions of a registered user. An unregistered address has no role.</summary>
public enum Role
{
    /// <summary>Has access to assigned apps.</summary>
    User,

    /// <summary>Has access to every app and the admin listener.</summary>
    Admin,
}
