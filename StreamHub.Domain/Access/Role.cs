namespace StreamHub.Domain.Access;

/// <summary>What a registered person may do. An address without a user has no role at all.</summary>
public enum Role
{
    /// <summary>Opens the apps that are assigned.</summary>
    User,

    /// <summary>Opens every app and the admin listener.</summary>
    Admin,
}
